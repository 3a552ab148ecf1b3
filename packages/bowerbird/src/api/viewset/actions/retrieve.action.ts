import { Injectable } from '@nestjs/common';

import { type HttpRequest, type Reply } from '#http';

import { Answers } from '../../content/answers.service.js';
import { ViewSetCalls } from '../viewset-calls.js';
import { ViewSetRows } from '../viewset-rows.js';
import { RowDocuments } from './row-documents.js';

/** One row. */
@Injectable()
export class RetrieveAction {
  constructor(
    private readonly calls: ViewSetCalls,
    private readonly rows: ViewSetRows,
    private readonly documents: RowDocuments,
    private readonly answers: Answers,
  ) {}

  /** @throws NotFoundError, NotAcceptableError */
  async run(viewset: object, request: HttpRequest): Promise<Reply> {
    const call = this.calls.of(viewset, request, 'retrieve');
    const { format } = call;
    const named = this.rows.named(this.rows.of(call), call.description, request);
    const row = await this.rows.one(this.documents.loading(named, call), call);
    return this.answers.document(call, format, await this.documents.of(row, call));
  }
}
