import { ContextKey } from './context-key.js';

/** Who acts: an opaque id and the text by which people know it. Lower floors see this, never the user entity. */
export interface Actor {
  readonly id: string;
  readonly label: string;
}

/** One statement that was sent to a database in this context. */
export interface QueryRecord {
  readonly sql: string;
  /** Milliseconds from sending to the last row. */
  readonly duration: number;
}

/** Finds providers of the running application; set by `framework/` at the root of every scope. */
export interface ApplicationHandle {
  get<T>(token: abstract new (...args: never[]) => T): T;
}

export const REQUEST_ID = new ContextKey<string>('request id');
export const ACTOR = new ContextKey<Actor | null>('actor');
/** Id of the key or token with which the request has proved itself. Set by what checks it; never a text from outside. */
export const CREDENTIAL = new ContextKey<string>('credential');
export const TENANT_ID = new ContextKey<string>('tenant id');
export const LOCALE = new ContextKey<string>('locale');
export const APPLICATION = new ContextKey<ApplicationHandle>('application');
/** Present only where somebody wants to see the statements (development, tests); the orm appends to it. */
export const QUERY_LOG = new ContextKey<QueryRecord[]>('query log');

/** A statement on its way to a database. */
export interface SentStatement {
  readonly sql: string;
  /** Alias of the database. */
  readonly alias: string;
  /** Leads to the code that wanted it, see `callerPlace`. */
  readonly stack: Error;
}

/** Told of each statement of this context. Costs a stack for each, so that only tests set it. */
export const QUERY_WATCHER = new ContextKey<(statement: SentStatement) => void>('query watcher');
