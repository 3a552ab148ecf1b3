import { Injectable } from '@nestjs/common';

import { ConflictError, Reply, type HttpRequest } from '#http';
import { ForeignKeyError } from '#orm';

import { type ModelViewSet } from '../model-viewset.js';
import { ViewSetCalls } from '../viewset-calls.js';
import { ViewSetRows } from '../viewset-rows.js';
import { type ActionCall } from './action-call.js';
import { Preconditions } from './preconditions.js';
import { WriteScope } from './write-scope.js';

/** Deletes a row. */
@Injectable()
export class DestroyAction {
  constructor(
    private readonly calls: ViewSetCalls,
    private readonly rows: ViewSetRows,
    private readonly scope: WriteScope,
    private readonly preconditions: Preconditions,
  ) {}

  /** @throws NotFoundError, ConflictError when other rows still refer to it, PreconditionFailedError, ForbiddenActionError */
  async run(viewset: object, request: HttpRequest): Promise<Reply> {
    const call = this.calls.of(viewset, request, 'destroy');
    await this.scope.database(call).atomic(() => this.remove(call));
    return Reply.empty();
  }

  private async remove(call: ActionCall): Promise<void> {
    const named = this.rows.named(this.rows.of(call), call.description, call.request);
    const row = await this.rows.one(named.selectForUpdate(), call);
    await this.preconditions.require(row, call);
    try {
      await this.delete(row, call);
    } catch (error) {
      if (error instanceof ForeignKeyError)
        throw new ConflictError('Other rows still refer to this one', { cause: error });
      throw error;
    }
  }

  private async delete(row: object, call: ActionCall): Promise<void> {
    const { remove } = call.viewset as Pick<ModelViewSet, 'remove'>;
    if (remove) await remove.call(call.viewset, row, call.request);
    else await this.rows.only(row, call).delete();
  }
}
