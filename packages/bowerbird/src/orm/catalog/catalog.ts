import { type Dialect, type OnDelete } from '../describe/entity-description.js';

/** What a reader needs of a connection: rows for SQL in which each `?` stands for a parameter, on every database. */
export interface CatalogSource {
  readonly dialect: Dialect;
  query<R = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
}

/** The type of a column, as it is written and taken apart. */
export interface CatalogType {
  /** As DDL writes it: `character varying(45)`, `int unsigned`, `text[]`. */
  readonly text: string;
  /** The type's own name, in small letters, without sizes: `character varying`, `int`. */
  readonly name: string;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly unsigned?: boolean;
  /** A list of values of the type; PostgreSQL only. */
  readonly array?: boolean;
  /** The values of an enum or of a MySQL set. */
  readonly values?: readonly string[];
  /** A type that somebody made in this database, by its name; PostgreSQL only. */
  readonly custom?: 'enum' | 'domain' | 'composite' | 'range' | 'extension';
}

/** How a column gets a value by itself. */
export type CatalogGenerated = false | 'increment' | 'stored' | 'virtual';

/** One column. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: CatalogType;
  readonly nullable: boolean;
  /** SQL of the default, as the database writes it: `'draft'::text`, `3`, `now()`. */
  readonly default: string | null;
  readonly generated: CatalogGenerated;
  /** SQL of a computed column. */
  readonly expression?: string;
  /** How PostgreSQL counts: by an identity column, or by a sequence in the default. */
  readonly counter?: 'identity always' | 'identity' | 'sequence';
  /** The sequence that counts, or that the default asks. */
  readonly sequence?: string;
  /** What MySQL writes on each change of the row: `current_timestamp()`. */
  readonly onUpdate?: string;
  /** Where it is not that of the table (MySQL) or of the database (PostgreSQL, SQLite). */
  readonly collation?: string;
  readonly comment: string;
}

/** A named set of columns. On SQLite a constraint without a name has an empty one. */
export interface CatalogKey {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A unique set. */
export interface CatalogUnique extends CatalogKey {
  /** When it is checked, where that is not at once; PostgreSQL only. */
  readonly deferrable?: 'immediate' | 'deferred';
}

/** What a foreign key does when the row it refers to goes or changes its key. `protect` is SQL's RESTRICT. */
export type CatalogAction = OnDelete;

/** A foreign key. */
export interface CatalogForeignKey extends CatalogKey {
  /** Schema of the table referred to, where it is another one than that of the catalog; of several catalogs together, than that of the connection. */
  readonly schema?: string;
  readonly table: string;
  readonly references: readonly string[];
  readonly onDelete: CatalogAction;
  readonly onUpdate: CatalogAction;
  /** Whether it may be checked at the end of a transaction, and whether it is without being asked to. */
  readonly deferrable: false | 'immediate' | 'deferred';
}

/** One part of an index: a column, or an expression over columns. */
export interface CatalogIndexPart {
  readonly column?: string;
  /** SQL, where it is no plain column. */
  readonly expression?: string;
  readonly descending?: boolean;
  /** Characters of the column that are indexed; MySQL only. */
  readonly prefix?: number;
  /** Operator class where it is not the usual one; PostgreSQL only. */
  readonly operators?: string;
  /** Collation where it is not that of the column; SQLite only. */
  readonly collation?: string;
}

/** An index that is no primary key and no unique constraint. MySQL knows no difference: there a plain unique index is a constraint. */
export interface CatalogIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly parts: readonly CatalogIndexPart[];
  /** Condition of a partial index. */
  readonly where?: string;
  /** `btree`, `gin`, `fulltext`, … in small letters. */
  readonly method: string;
  /** A statement that makes it again. */
  readonly definition: string;
  /** Every part is a plain column in the usual order, and nothing is special about it but its condition. */
  readonly plain: boolean;
}

/** Whether an index is one of MySQL for searching its columns. */
export function isFullText({ method }: Pick<CatalogIndex, 'method'>): boolean {
  return method === 'fulltext';
}

/** A check. On SQLite a check without a name has an empty one. */
export interface CatalogCheck {
  readonly name: string;
  readonly expression: string;
}

/** One table with all that belongs to it. */
export interface CatalogTable {
  readonly name: string;
  /** Its schema, where that is another than the one of the connection; PostgreSQL only. */
  readonly schema?: string;
  readonly comment: string;
  readonly columns: readonly CatalogColumn[];
  readonly primaryKey: CatalogKey | null;
  readonly uniques: readonly CatalogUnique[];
  readonly indexes: readonly CatalogIndex[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly checks: readonly CatalogCheck[];
  /** Names of its triggers. */
  readonly triggers: readonly string[];
  /** What else belongs to it and has no place here, in words: `partitioned by range (day)`. */
  readonly remarks: readonly string[];
}

/** A view. */
export interface CatalogView {
  readonly name: string;
  /** As of a table. */
  readonly schema?: string;
  readonly comment: string;
  readonly columns: readonly CatalogColumn[];
  /** The query behind it. */
  readonly definition: string;
  readonly materialized: boolean;
}

/** A type that somebody made; PostgreSQL only. */
export interface CatalogCustomType {
  readonly name: string;
  /** As of a table. */
  readonly schema?: string;
  readonly kind: 'enum' | 'domain';
  readonly values: readonly string[];
  /** A statement that makes it again. */
  readonly definition: string;
}

/** A sequence that no column owns; PostgreSQL and MariaDB. */
export interface CatalogSequence {
  readonly name: string;
  /** As of a table. */
  readonly schema?: string;
  /** A statement that makes it again. */
  readonly definition: string;
}

/** Something that is there and is read no further. */
export interface CatalogSkipped {
  readonly name: string;
  /** As of a table. */
  readonly schema?: string;
  readonly reason: string;
}

/** What one schema of a live database holds. Everything is in the order of its name, columns in their own order. */
export interface Catalog {
  readonly dialect: Dialect;
  /** Name of the schema; PostgreSQL only. */
  readonly schema?: string;
  readonly tables: readonly CatalogTable[];
  readonly views: readonly CatalogView[];
  readonly types: readonly CatalogCustomType[];
  readonly sequences: readonly CatalogSequence[];
  readonly skipped: readonly CatalogSkipped[];
}
