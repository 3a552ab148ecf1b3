/** What the page for an error may show. Everything in it is safe for the visitor, apart from `developer`. */
export interface ErrorPageModel {
  readonly status: number;
  /** The status in words: `Not Found`. */
  readonly title: string;
  /** One sentence for the visitor. */
  readonly detail: string;
  /** Stable code of the error, `area.slug`. */
  readonly code: string;
  /** Shown so that a visitor can quote it. */
  readonly requestId: string;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly retryAfterSeconds?: number;
  /** Present outside of production only. */
  readonly developer?: { readonly name: string; readonly message: string; readonly hint?: string };
}

/** Renders the page for an error. Where no provider implements it, or rendering fails, a built-in page is used. */
export abstract class ErrorPages {
  /** A whole HTML document, or null for the built-in page. */
  abstract render(error: ErrorPageModel): Promise<string | null>;
}
