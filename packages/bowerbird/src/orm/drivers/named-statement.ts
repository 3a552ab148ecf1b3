/** How rows of one shape are read: pg's own `Result`, once it knows their columns. */
interface RowReader {
  readonly fields: readonly unknown[];
  addFields(columns: readonly unknown[]): void;
  parseRow(texts: readonly (string | null)[]): object;
}

/** The part of pg that is used here. */
export interface StatementLibrary {
  readonly Result: new (rowMode: undefined, types: StatementClient) => RowReader;
  readonly utils: { prepareValue(value: unknown): unknown };
}

/** What a client of pg knows of values. */
export interface StatementClient {
  getTypeParser(type: number, format: string): (text: string) => unknown;
}

/** The messages of the extended protocol, as a connection of pg writes them. */
interface Connection {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: object): void;
  describe(message: { readonly type: 'P'; readonly name: string }): void;
  execute(message: object): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

/** What pg says of a statement: an error, or its rows. */
export type StatementDone = (error: Error | null, rows?: readonly object[]) => void;

/** What is known of the named statements of each connection. */
export type KnownRows = WeakMap<object, Map<string, RowReader>>;

/**
 * A statement with a name, as pg's clients take statements of other classes. Where the connection knows the name, it asks
 * for neither parsing nor the description of the rows: a server refuses to run a statement whose columns have changed since
 * it parsed it. Behind a pooler another server may have parsed it later; of rows of another number of columns it notices.
 * See https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class NamedStatement {
  /** Set by the client where it reads values as bytes. */
  binary = false;
  private readonly rows: object[] = [];
  private reader: RowReader | undefined;
  private known: Map<string, RowReader> | undefined;
  private unreadable: Error | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
    private readonly values: readonly unknown[],
    private readonly client: StatementClient,
    private readonly library: StatementLibrary,
    private readonly knownRows: KnownRows,
    /** The client may put a limit of time around it. */
    public callback: StatementDone,
  ) {}

  /** Writes the messages at once. @returns null, as pg wants it: what is wrong is told by the callback */
  submit(connection: Connection): null {
    this.known = knownOn(connection, this.knownRows);
    connection.stream.cork?.();
    try {
      this.write(connection);
    } finally {
      connection.stream.uncork?.();
    }
    return null;
  }

  handleRowDescription({ fields }: { readonly fields: readonly unknown[] }): void {
    this.reader = new this.library.Result(undefined, this.client);
    this.reader.addFields(fields);
    this.known!.set(this.name, this.reader);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.unreadable) return;
    try {
      this.requireColumns(fields.length);
      this.rows.push(this.reader!.parseRow(fields));
    } catch (error) {
      this.unreadable = error as Error;
    }
  }

  handleReadyForQuery(): void {
    if (this.unreadable) this.callback(this.unreadable);
    else this.callback(null, this.rows);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleCommandComplete(): void {
    // How many rows it was is not asked for.
  }

  handleEmptyQuery(): void {
    // Statements that say nothing give no rows.
  }

  handlePortalSuspended(connection: Connection): void {
    connection.sync();
  }

  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFail('No source stream defined');
  }

  handleCopyData(): void {
    // Nobody reads it.
  }

  /** @throws Error where the rows are others than those that were described; the next time they are described again */
  private requireColumns(count: number): void {
    if (this.reader!.fields.length === count) return;
    this.known!.delete(this.name);
    throw new Error(`The columns of a prepared statement have changed: ${this.reader!.fields.length} became ${count}`);
  }

  private write(connection: Connection): void {
    const { name, text, values, binary } = this;
    if ((connection.parsedStatements[name] ?? connection.submittedNamedStatements[name]) === undefined) {
      connection.parse({ name, text });
      connection.submittedNamedStatements[name] = text;
    } else this.reader = this.known!.get(name);
    try {
      connection.bind({ statement: name, values, binary, valueMapper: this.library.utils.prepareValue });
      if (!this.reader) connection.describe({ type: 'P', name: '' });
      connection.execute({});
    } catch (error) {
      this.unreadable = error as Error;
    }
    connection.sync();
  }
}

function knownOn(connection: object, known: KnownRows): Map<string, RowReader> {
  const there = known.get(connection);
  if (there) return there;
  const made = new Map<string, RowReader>();
  known.set(connection, made);
  return made;
}
