import { Injectable } from '@nestjs/common';

import { type HttpRequest, type Reply } from '#http';

import { Answers } from '../../content/answers.service.js';
import { inputOf } from '../../content/input-body.js';
import { requireReadable } from '../../content/readable-body.js';
import { Inputs } from '../../serializer/inputs.service.js';
import { type Document } from '../../serializer/row-writer.js';
import { ViewSetCalls } from '../viewset-calls.js';
import { ViewSetRows } from '../viewset-rows.js';
import { type ActionCall } from './action-call.js';
import { Preconditions } from './preconditions.js';
import { RowDocuments } from './row-documents.js';
import { WriteScope } from './write-scope.js';

/** Changes a row: all of its values, or those that are sent. */
@Injectable()
export class UpdateAction {
  constructor(
    private readonly calls: ViewSetCalls,
    private readonly rows: ViewSetRows,
    private readonly inputs: Inputs,
    private readonly scope: WriteScope,
    private readonly preconditions: Preconditions,
    private readonly documents: RowDocuments,
    private readonly answers: Answers,
  ) {}

  /** @throws NotFoundError, InvalidInputError, PreconditionFailedError, ForbiddenActionError, OutOfScopeError */
  async run(viewset: object, request: HttpRequest, name: 'update' | 'partialUpdate'): Promise<Reply> {
    const call = this.calls.of(viewset, request, name);
    const { format } = call;
    requireReadable(request);
    const document = await this.scope.database(call).atomic(() => this.change(call));
    return this.answers.document(call, format, document);
  }

  /** The row stays locked until the change is stored, so that what was checked still holds. */
  private async change(call: ActionCall): Promise<Document> {
    const { request, context, action } = call;
    const row = await this.rows.one(
      this.rows.named(this.rows.of(call), call.description, request).selectForUpdate(),
      call,
    );
    await this.preconditions.require(row, call);
    const partial = action.name === 'partialUpdate';
    const prepared = await this.inputs.prepare(action.input!, inputOf(call), {
      context,
      row,
      partial,
      permit: this.rows.nestedPermit(call),
    });
    const written = await this.inputs.write(prepared);
    await this.scope.requireInside([written], call);
    const [document] = await this.documents.written([written], call);
    return document!;
  }
}
