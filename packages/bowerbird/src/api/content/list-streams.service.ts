import { Readable } from 'node:stream';

import { Injectable, Logger } from '@nestjs/common';

import { requireContext, runInside, showThrown, type Context } from '#core';
import { type QuerySet } from '#orm';

import { Documents } from '../serializer/documents.service.js';
import { type Document } from '../serializer/row-writer.js';
import { type AnswerCall } from '../viewset/actions/action-call.js';
import { type StreamFormat, type WrittenOf } from './api-format.js';

/** Rows that are read, written and sent at a time. */
const CHUNK = 500;

type Texts = AsyncIterator<string, unknown, undefined>;

/** Writes whole lists while they are read: no more rows are read than the client takes. */
@Injectable()
export class ListStreams {
  private readonly logger = new Logger('Api');

  constructor(private readonly documents: Documents) {}

  /** The text of all rows. Its beginning is made at once, so that what cannot be read at all is an error of its own. */
  async open(rows: QuerySet, call: AnswerCall, format: StreamFormat, of: WrittenOf): Promise<Readable> {
    const texts = format.stream(this.chunks(rows, call), of)[Symbol.asyncIterator]();
    const first = await texts.next();
    return Readable.from(this.following(first, texts, requireContext()), { objectMode: false });
  }

  private async *chunks(rows: QuerySet, call: AnswerCall): AsyncGenerator<readonly Document[]> {
    let chunk: object[] = [];
    for await (const row of rows.iterator({ chunk: CHUNK })) {
      chunk.push(row);
      if (chunk.length < CHUNK) continue;
      yield await this.written(chunk, call);
      chunk = [];
    }
    if (chunk.length > 0) yield await this.written(chunk, call);
  }

  private async written(
    rows: readonly object[],
    { action, context, selection }: AnswerCall,
  ): Promise<readonly Document[]> {
    return this.documents.many(rows, action.serializer, context, selection);
  }

  /** The socket asks for more whenever it has room, which is outside of the context of the request. */
  private async *following(
    first: IteratorResult<string, unknown>,
    texts: Texts,
    context: Context,
  ): AsyncGenerator<string> {
    try {
      for (let step = first; !step.done; step = await runInside(context, () => texts.next())) yield step.value;
    } catch (error) {
      this.logger.error(`A list broke off while it was sent\n${showThrown(error)}`);
      throw error;
    } finally {
      await texts.return?.();
    }
  }
}
