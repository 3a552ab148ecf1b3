import { DiscoveryService } from '@nestjs/core';

import { NoteKey } from '../metadata/notes.js';

/** Marks a provider as the checks of an area; each of its {@link CheckRule} methods yields findings of one id. */
export const Check = DiscoveryService.createDecorator<string>();

/** When a rule runs. */
export interface CheckRuleOptions {
  /** Only in production, or with `check --deploy`. */
  readonly deploy?: boolean;
  /** Asks the database; skipped by commands that must work without one. */
  readonly database?: boolean;
}

/** One rule of a check class. */
export interface CheckRuleNote extends CheckRuleOptions {
  readonly method: string;
}

export const CHECK_RULES = new NoteKey<readonly CheckRuleNote[]>('check rules');

/** Marks a generator method of a {@link Check} class as a rule; one method per id. */
export function CheckRule(options: CheckRuleOptions = {}): MethodDecorator {
  return (target, method) => NoteKey.append(CHECK_RULES, target.constructor, { method: String(method), ...options });
}
