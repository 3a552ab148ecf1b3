import { Injectable, type ExecutionContext } from '@nestjs/common';

import { currentUser } from '#auth';
import { Reply, type HttpRequest } from '#http';

import { Answers } from '../../content/answers.service.js';
import { readParameters } from '../../filters/parameters.js';
import { ViewSets } from '../viewsets.service.js';
import { type AnswerCall } from './action-call.js';
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
  async of(context: ExecutionContext, request: HttpRequest, result: unknown): Promise<Reply | undefined> {
    const description = this.viewsets.of(context.getClass<object>());
    const action = description.action(context.getHandler().name);
    if (!action) return undefined;
    const user = currentUser();
    const selection = action.selection.read(readParameters(request));
    const call: AnswerCall = { description, action, request, user, selection, context: { user, request } };
    if (result === undefined || result === null) return Reply.empty();
    const { target } = action.serializer.entity;
    if (result instanceof target)
      return this.answers.document(
        call,
        this.answers.formatFor(call),
        (await this.documents.written([result], call))[0]!,
        action.status,
      );
    if (Array.isArray(result) && result.length > 0 && result.every((row) => row instanceof target))
      return this.answers.documents(
        call,
        this.answers.formatFor(call),
        await this.documents.written(result as object[], call),
        action.status,
      );
    return Reply.json(result, { status: action.status });
  }
}
