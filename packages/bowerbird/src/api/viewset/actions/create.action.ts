import { Injectable } from '@nestjs/common';

import { PayloadTooLargeError, type HttpRequest, type Reply } from '#http';

import { Answers } from '../../content/answers.service.js';
import { inputOf, isJsonApi } from '../../content/input-body.js';
import { requireReadable } from '../../content/readable-body.js';
import { isForm } from '../../serializer/input-source.js';
import { Inputs } from '../../serializer/inputs.service.js';
import { type Document } from '../../serializer/row-writer.js';
import { ViewSetCalls } from '../viewset-calls.js';
import { ViewSetRows } from '../viewset-rows.js';
import { type ActionCall } from './action-call.js';
import { RowDocuments } from './row-documents.js';
import { WriteScope } from './write-scope.js';

/** Makes a row, or all rows of a list in one transaction. */
@Injectable()
export class CreateAction {
  constructor(
    private readonly calls: ViewSetCalls,
    private readonly rows: ViewSetRows,
    private readonly inputs: Inputs,
    private readonly scope: WriteScope,
    private readonly documents: RowDocuments,
    private readonly answers: Answers,
  ) {}

  /** @throws InvalidInputError, PayloadTooLargeError, OutOfScopeError, UnsupportedMediaTypeError, NotAcceptableError */
  async run(viewset: object, request: HttpRequest): Promise<Reply> {
    const call = this.calls.of(viewset, request, 'create');
    const { format } = call;
    requireReadable(request);
    const many = !isForm(request) && !isJsonApi(request) && Array.isArray(request.body) && call.description.bulk > 1;
    const items = many ? (request.body as readonly unknown[]) : [];
    requireFew(items, call);
    const documents = many ? await this.createAll(items, call) : await this.createOne(call);
    return many
      ? this.answers.documents(call, format, documents, 201)
      : this.answers.created(call, format, documents[0]!);
  }

  private createOne(call: ActionCall): Promise<readonly Document[]> {
    const held = this.documents.held(call);
    const undisputed = held !== undefined && this.isUndisputed(call);
    const create = async (): Promise<readonly Document[]> => {
      const prepared = await this.inputs.prepare(call.action.input!, inputOf(call), {
        context: call.context,
        permit: this.rows.nestedPermit(call),
        postpone: undisputed,
      });
      const row = await this.inputs.write(prepared);
      if (!prepared.form.isFresh || !held?.(row)) return this.finish([row], call);
      if (!undisputed) await this.scope.requireInside([row], call);
      return [await this.documents.of(row, call)];
    };
    return undisputed ? create() : this.scope.database(call).atomic(create);
  }

  /** Whether nothing but a row is written, and nothing that comes after it takes it back: then it needs no transaction. */
  private isUndisputed(call: ActionCall): boolean {
    return call.action.input!.writesAlone && !this.rows.isNarrowed(call);
  }

  private async createAll(items: readonly unknown[], call: ActionCall): Promise<readonly Document[]> {
    return this.scope.database(call).atomic(async () => {
      const input = call.action.input!;
      const options = { context: call.context, permit: this.rows.nestedPermit(call) };
      const prepared = await this.inputs.prepareAll(input, items, options);
      return this.finish(await this.inputs.writeAll(input, prepared), call);
    });
  }

  private async finish(written: readonly object[], call: ActionCall): Promise<readonly Document[]> {
    await this.scope.requireInside(written, call);
    return this.documents.written(written, call);
  }
}

function requireFew(items: readonly unknown[], { description: { bulk } }: ActionCall): void {
  if (items.length > bulk)
    throw new PayloadTooLargeError(`At most ${bulk} rows can be made at once; these are ${items.length}`);
}
