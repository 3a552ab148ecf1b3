import { Injectable } from '@nestjs/common';

import { type Document } from '../serializer/row-writer.js';
import { StreamFormat } from './api-format.js';

/** One document of JSON on each line, for programs that read long lists. See https://github.com/ndjson/ndjson-spec */
@Injectable()
export class NdjsonFormat extends StreamFormat {
  readonly mediaType = 'application/x-ndjson';
  readonly name = 'ndjson';

  documents(documents: readonly Document[]): string {
    return documents.map((document) => `${JSON.stringify(document)}\n`).join('');
  }

  async *stream(chunks: AsyncIterable<readonly Document[]>): AsyncGenerator<string> {
    for await (const documents of chunks) yield this.documents(documents);
  }
}
