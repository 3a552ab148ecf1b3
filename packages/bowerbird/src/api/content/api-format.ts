import { type ParameterProblems } from '../filters/parameter-problems.js';
import { type Parameters } from '../filters/parameters.js';
import { type RequestAddress } from '../pagination/page-address.js';
import { type PageResult, type Pagination } from '../pagination/pagination.js';
import { type Document } from '../serializer/row-writer.js';
import { type Selection } from '../serializer/selection.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';
import { type ActionDescription, type ViewSetDescription } from '../viewset/viewset-description.js';
import { type ExportDescription } from './describe-export.js';

/** What a format is told of the documents that it writes. */
export interface WrittenOf {
  readonly serializer: SerializerDescription;
  readonly selection: Selection;
  readonly pagination: Pagination;
  /** The address of the request, without the server. */
  readonly url: string;
  /** The parameters of the request, as it has them. */
  readonly given: Parameters;
  /** How whole lists are written; null where they are not. */
  readonly exported: ExportDescription | null;
  /** The path of a document of the viewset; null where it does not say which one it is. */
  readonly addressOf: (document: Document) => string | null;
}

/** What a request is made to. */
export interface FormatScope {
  readonly description: ViewSetDescription;
  readonly action: ActionDescription;
}

/** What of a request says which rows are asked for, and what of them. */
export interface AskedFor {
  readonly given: Parameters;
  /** @throws BadParametersError unless the problems are collected */
  readonly selection: (collected?: ParameterProblems) => Selection;
  readonly address: RequestAddress;
}

/** One way to write documents. */
export abstract class ApiFormat {
  /** What clients ask for in `Accept`, in small letters and without parameters. */
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

  /** `Content-Type` of its answers. */
  get contentType(): string {
    return `${this.mediaType}; charset=utf-8`;
  }

  /** Whether it can write what an action answers with. */
  writes(_action: Pick<ActionDescription, 'serializer'>): boolean {
    return true;
  }

  /** A request that uses the words of this format, in ours. @throws UnknownParameterError */
  read(asked: AskedFor, _scope: FormatScope): AskedFor {
    return asked;
  }

  /** The same page with links in the words of this format. */
  paged(page: PageResult, _scope: FormatScope): PageResult {
    return page;
  }

  /** Whether it is what a range of `Accept` means that names it with parameters. */
  suits(_parameters: ReadonlyMap<string, string>): boolean {
    return true;
  }
}

/** A way to write whole lists as they are read. */
export abstract class StreamFormat extends ApiFormat {
  override readonly streams = true;

  /** The text of all documents, which come in chunks. */
  abstract stream(chunks: AsyncIterable<readonly Document[]>, of: WrittenOf): AsyncIterable<string>;

  /** Ending of the file that browsers keep it in; null where it is no file for people. */
  readonly extension: string | null = null;

  document(document: Document, of: WrittenOf): string {
    return this.documents([document], of);
  }

  page(_page: PageResult, documents: readonly Document[], of: WrittenOf): string {
    return this.documents(documents, of);
  }
}
