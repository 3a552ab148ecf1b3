import { Injectable } from '@nestjs/common';

import { PreconditionFailedError } from '../../api.errors.js';
import { entityTag, matchesTag } from '../../content/entity-tag.js';
import { WHOLE } from '../../serializer/selection.js';
import { type ActionCall } from './action-call.js';
import { RowDocuments } from './row-documents.js';

/** Refuses changes of rows that are no longer what the client read. */
@Injectable()
export class Preconditions {
  constructor(private readonly documents: RowDocuments) {}

  /** Compares `If-Match` with the row as `retrieve` shows it now; the row is locked. @throws PreconditionFailedError */
  async require(row: object, call: ActionCall): Promise<void> {
    const wanted = call.request.get('if-match');
    if (wanted === undefined || wanted.trim() === '*') return;
    const { description } = call;
    const action = description.action('retrieve') ?? call.action;
    const [document] = await this.documents.written([row], { ...call, action, selection: WHOLE });
    if (!matchesTag(wanted, entityTag(JSON.stringify(document)))) throw new PreconditionFailedError();
  }
}
