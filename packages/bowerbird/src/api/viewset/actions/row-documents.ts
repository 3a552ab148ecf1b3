import { Injectable } from '@nestjs/common';

import { keyFilter, keyText } from '#forms';
import { ConflictError } from '#http';
import { Databases, type QuerySet } from '#orm';

import { Documents } from '../../serializer/documents.service.js';
import { type Document } from '../../serializer/row-writer.js';
import { ViewSetRows } from '../viewset-rows.js';
import { type AnswerCall } from './action-call.js';

/** The documents of a call: what its serializer shows of rows to its user. */
@Injectable()
export class RowDocuments {
  constructor(
    private readonly documents: Documents,
    private readonly databases: Databases,
    private readonly rows: ViewSetRows,
  ) {}

  /** The query with what the documents need; with all columns where policies are going to look at the rows. */
  loading(rows: QuerySet, call: AnswerCall): QuerySet {
    const { action, selection, context } = call;
    const whole = action.detail && this.rows.asksPolicies(call);
    return this.documents.loading(rows, action.serializer, { selection, context, whole });
  }

  of(row: object, { action, context, selection }: AnswerCall): Document | Promise<Document> {
    return this.documents.one(row, action.serializer, context, selection);
  }

  all(
    rows: readonly object[],
    { action, context, selection }: AnswerCall,
  ): readonly Document[] | Promise<readonly Document[]> {
    return this.documents.many(rows, action.serializer, context, selection);
  }

  /** What tells whether rows hold all that their documents show; undefined where some has to be read. */
  held({ action, selection }: AnswerCall): ((row: object) => boolean) | undefined {
    return this.documents.held(action.serializer, selection);
  }

  /** The documents of rows that were written, read again: the database may have made values of its own. */
  async written(rows: readonly object[], call: AnswerCall): Promise<readonly Document[]> {
    if (rows.length === 0) return [];
    const { action, selection, context, description } = call;
    const keys = rows.map((row) => description.entity.keyOf(row));
    const query = this.documents.objects(description.entity).filter(keyFilter(description.entity, keys) as never);
    const reading = this.documents.loading(query, action.serializer, { selection, context });
    const read = await this.databases.of(description.entity.target).onPrimary(() => reading.all());
    const byKey = new Map(read.map((row) => [keyText(description.entity.keyOf(row)), row]));
    const found = keys.map((key) => byKey.get(keyText(key)));
    if (!found.every((row) => row !== undefined))
      throw new ConflictError(`The ${description.entity.label} was stored, and is not to be found any more`);
    return this.all(found, call);
  }
}
