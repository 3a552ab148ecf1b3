import { Injectable } from '@nestjs/common';

import { type PageResult } from '../pagination/pagination.js';
import { type Document } from '../serializer/row-writer.js';
import { ApiFormat, type WrittenOf } from './api-format.js';

/** Plain JSON (RFC 8259): documents as they are, pages in an envelope. */
@Injectable()
export class JsonFormat extends ApiFormat {
  readonly mediaType = 'application/json';
  readonly name = 'json';

  document(document: Document): string {
    return JSON.stringify(document);
  }

  documents(documents: readonly Document[]): string {
    return JSON.stringify(documents);
  }

  page(page: PageResult, documents: readonly Document[], { pagination }: WrittenOf): string {
    return JSON.stringify(pagination.envelope(page, documents));
  }
}
