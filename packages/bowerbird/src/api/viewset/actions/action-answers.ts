import { Injectable } from '@nestjs/common';

import { currentUser } from '#auth';
import { type Class } from '#core';
import { Reply } from '#http';

import { Answers } from '../../content/answers.service.js';
import { readParameters } from '../../filters/parameters.js';
import { ViewSets } from '../viewsets.service.js';
import { type AnswerCall } from './action-call.js';
import { type ActionRun } from './action-runner.js';
import { RowDocuments } from './row-documents.js';

/** Makes answers of what extra actions return. */
@Injectable()
export class ActionAnswers {
  constructor(
    private readonly viewsets: ViewSets,
    private readonly documents: RowDocuments,
    private readonly answers: Answers,
  ) {}

  /** Rows of the entity are written by the serializer, nothing is 204, other values are JSON; undefined for handlers that are no actions. */
  async of({ type, handler, request }: ActionRun, result: unknown): Promise<Reply | undefined> {
    const description = this.viewsets.of(type);
    const action = description.action(handler);
    if (!action) return undefined;
    if (result === undefined || result === null) return Reply.empty();
    const rows = rowsIn(result, action.serializer.entity.target);
    if (!rows) return Reply.json(result, { status: action.status });
    const user = currentUser();
    const unread = { description, action, request, user, context: { user, request } };
    return this.rows(rows, unread, !Array.isArray(result));
  }

  /** Whether a handler is an action of its viewset. */
  isAction({ type, handler }: ActionRun): boolean {
    return this.viewsets.of(type).action(handler) !== undefined;
  }

  private async rows(rows: readonly object[], unread: Omit<AnswerCall, 'selection'>, one: boolean): Promise<Reply> {
    const { action, request } = unread;
    const format = this.answers.formatFor(unread);
    const given = readParameters(request);
    const asked = format.read({ given, address: request, selection: () => action.selection.read(given) }, unread);
    const call = { ...unread, selection: asked.selection() };
    const documents = await this.documents.written(rows, call);
    return one
      ? this.answers.document(call, format, documents[0]!, action.status)
      : this.answers.documents(call, format, documents, action.status);
  }
}

/** The rows that an action returned; undefined for anything else. */
function rowsIn(result: unknown, target: Class): readonly object[] | undefined {
  const rows: readonly unknown[] = Array.isArray(result) ? result : [result];
  return rows.length > 0 && rows.every((row) => row instanceof target) ? (rows as readonly object[]) : undefined;
}
