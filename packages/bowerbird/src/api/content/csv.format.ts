import { Injectable } from '@nestjs/common';

import { type Document } from '../serializer/row-writer.js';
import { StreamFormat, type WrittenOf } from './api-format.js';
import { csvCell, csvColumns } from './csv-columns.js';
import { csvText } from './drivers/csv-text.driver.js';

/** Comma-separated values with a line of names (RFC 4180). */
@Injectable()
export class CsvFormat extends StreamFormat {
  readonly mediaType = 'text/csv';
  readonly name = 'csv';
  override readonly extension = 'csv';

  override get contentType(): string {
    return `${super.contentType}; header=present`;
  }

  documents(documents: readonly Document[], of: WrittenOf): string {
    return header(of) + lines(documents, of);
  }

  async *stream(chunks: AsyncIterable<readonly Document[]>, of: WrittenOf): AsyncGenerator<string> {
    let before = header(of);
    for await (const documents of chunks) {
      yield before + lines(documents, of);
      before = '';
    }
    if (before !== '') yield before;
  }
}

function header({ serializer, selection }: WrittenOf): string {
  return csvText([csvColumns(serializer, selection).map(({ title }) => title)]);
}

function lines(documents: readonly Document[], { serializer, selection, exported }: WrittenOf): string {
  const columns = csvColumns(serializer, selection);
  const defuse = exported?.defuse ?? true;
  return csvText(documents.map((document) => columns.map((column) => csvCell(document, column, defuse))));
}
