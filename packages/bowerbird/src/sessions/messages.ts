import { Injectable } from '@nestjs/common';

import { ContextKey, currentContext } from '#core';

import { currentSession, type Session } from './session.js';
import { NoSessionError } from './sessions.errors.js';

/** How grave a message is; also its CSS class. */
export type MessageLevel = 'info' | 'success' | 'warning' | 'error';

/** One message for the visitor, shown once. Plain text: templates escape it. */
export interface Message {
  readonly level: MessageLevel;
  readonly text: string;
  /** Stands behind the text. */
  readonly link?: MessageLink;
}

/** The end of a message that leads to what it is about. The address must be the application's own. */
export interface MessageLink {
  readonly text: string;
  readonly url: string;
}

const KEY = '_messages';
const TAKEN = new ContextKey<readonly Message[]>('messages shown');

/** More would only fill the session of a visitor who never sees a page; the oldest make room. */
const LIMIT = 50;

/** Flash messages: kept in the session until a page shows them, usually after a redirect. */
@Injectable()
export class Messages {
  /** Keeps a message for the next page. @throws NoSessionError outside of a request */
  add(level: MessageLevel, text: string, link?: MessageLink): void {
    addMessage(level, text, link);
  }

  info(text: string): void {
    addMessage('info', text);
  }

  success(text: string): void {
    addMessage('success', text);
  }

  warning(text: string): void {
    addMessage('warning', text);
  }

  error(text: string): void {
    addMessage('error', text);
  }

  /** The waiting messages, oldest first; they are read once. */
  take(): Message[] {
    const session = currentSession();
    if (!session?.has(KEY)) return [];
    const waiting = pending(session);
    session.delete(KEY);
    return waiting;
  }

  /** The messages for the page that is being rendered: taken once, the same list however often a template asks. */
  shown(): readonly Message[] {
    const context = currentContext();
    const shown = [...(context?.get(TAKEN) ?? []), ...this.take()];
    context?.set(TAKEN, shown);
    return shown;
  }
}

/** Keeps a message for the next page of the current visitor. @throws NoSessionError outside of a request */
export function addMessage(level: MessageLevel, text: string, link?: MessageLink): void {
  const session = currentSession();
  if (!session) throw new NoSessionError('addMessage()');
  session.set(KEY, [...pending(session), { level, text, ...(link && { link }) }].slice(-LIMIT));
}

function pending(session: Session): Message[] {
  return session.get<Message[]>(KEY) ?? [];
}
