import { Injectable } from '@nestjs/common';

import { keyFilter, keyText } from '#forms';
import { type QuerySet } from '#orm';

import { Documents } from '../../serializer/documents.service.js';
import { type Document } from '../../serializer/row-writer.js';
import { ViewSetRows } from '../viewset-rows.js';
import { type AnswerCall } from './action-call.js';

/** The documents of a call: what its serializer shows of rows to its user. */
@Injectable()
export class RowDocuments {
  constructor(
    private readonly documents: Documents,
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

  /** The documents of rows that were written, read again: the database may have made values of its own. */
  async written(rows: readonly object[], call: AnswerCall): Promise<readonly Document[]> {
    if (rows.length === 0) return [];
    const { action, selection, context, description } = call;
    const keys = rows.map((row) => description.entity.keyOf(row));
    const query = this.documents.objects(description.entity).filter(keyFilter(description.entity, keys) as never);
    const read = await this.documents.loading(query, action.serializer, { selection, context }).all();
    const byKey = new Map(read.map((row) => [keyText(description.entity.keyOf(row)), row]));
    return this.all(
      keys.map((key) => byKey.get(keyText(key))!),
      call,
    );
  }
}
