import { type Readable } from 'node:stream';

import { type PageResult, type Pagination } from '../pagination/pagination.js';
import { type Document } from '../serializer/row-writer.js';
import { type Selection } from '../serializer/selection.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';

/** What a format is told of the documents that it writes. */
export interface WrittenOf {
  readonly serializer: SerializerDescription;
  readonly selection: Selection;
  readonly pagination: Pagination;
  /** The address of the request, without the server. */
  readonly url: string;
}

/** One way to write documents. Provide a subclass with `@ContentFormat()` to add another. */
export abstract class ApiFormat {
  /** What clients ask for in `Accept`. */
  abstract readonly mediaType: string;
  /** Name for `?format=`. */
  abstract readonly name: string;
  /** Whether lists are written whole, row by row, and have no pages. */
  readonly streams: boolean = false;

  /** One document as text. */
  abstract document(document: Document, of: WrittenOf): string;
  /** Several documents that are no page. */
  abstract documents(documents: readonly Document[], of: WrittenOf): string;
  /** One page. */
  abstract page(page: PageResult, documents: readonly Document[], of: WrittenOf): string;

  /** All documents, as they come. */
  stream(_documents: AsyncIterable<Document>, _of: WrittenOf): Readable | null {
    return null;
  }
}
