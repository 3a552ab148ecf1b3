import { type Deferral, type IndexExpression, type SqlText } from '../../describe/entity-description.js';
import { wholeName } from '../schema/table-name.js';
import { type FieldState, type JunctionFieldState } from './field-state.js';

/** A unique set of fields. */
export interface UniqueState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  readonly fields: readonly string[];
  /** Further fields that its index carries; PostgreSQL only, left out elsewhere. */
  readonly include?: readonly string[];
  /** When it is checked, where that is not at once; PostgreSQL only. */
  readonly deferrable?: Deferral;
  /** `same`: two rows without a value are alike. */
  readonly nulls?: 'same';
}

/** An index over fields or expressions. */
export interface IndexState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  /** Empty where it has expressions. */
  readonly fields: readonly string[];
  readonly unique?: boolean;
  /** Condition in SQL of a partial index. An index that is not unique has none on MySQL. */
  readonly where?: SqlText;
  /** What it is made of instead of fields. */
  readonly expressions?: readonly IndexExpression[];
  /** Those of its fields that begin with the greatest. */
  readonly descending?: readonly string[];
  /** Further fields that it carries; PostgreSQL only, left out elsewhere. */
  readonly include?: readonly string[];
  /** The operator class of each part, empty for the usual one; PostgreSQL only, left out elsewhere. */
  readonly operators?: readonly string[];
  /** `gin`, `gist`, `brin`, …; an index of such a method is on PostgreSQL alone. */
  readonly using?: string;
  /** `same`: two rows without a value are alike. */
  readonly nulls?: 'same';
  /** A full-text index: true, or a text search configuration of PostgreSQL. SQLite has none. */
  readonly fullText?: true | string;
}

/** A condition that each row keeps. */
export interface CheckState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  readonly expression: SqlText;
}

/** A condition that no two rows keep together; PostgreSQL only. */
export interface ExclusionState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  /** `USING gist (room WITH =, during WITH &&)`. */
  readonly expression: string;
  readonly deferrable?: Deferral;
}

/** What migrations know of one entity: plain data, the same for every database. */
export interface EntityState {
  readonly app: string;
  readonly name: string;
  readonly table: string;
  /** Schema of its table, where that is another than the one of its connection; PostgreSQL only. */
  readonly schema?: string;
  /** False: migrations leave its table alone. */
  readonly managed?: boolean;
  /** Name of the primary key, where it is not the one that TypeORM gives. */
  readonly primaryKey?: string;
  readonly fields: Readonly<Record<string, FieldState>>;
  readonly uniques: readonly UniqueState[];
  readonly indexes: readonly IndexState[];
  readonly checks: readonly CheckState[];
  readonly exclusions?: readonly ExclusionState[];
  /** Comment of the table; PostgreSQL and MySQL keep it. */
  readonly comment?: string;
}

/** `app.Entity`, the key of an entity in a project state. */
export function entityKey(entity: { readonly app: string; readonly name: string }): string {
  return `${entity.app}.${entity.name}`;
}

/** The key of the description of an entity: `shop.product` for `shop.Product`. */
export function descriptionKey(key: string): string {
  const app = key.slice(0, key.indexOf('.'));
  return `${app}.${key.slice(app.length + 1).toLowerCase()}`;
}

/** The key of a reference as a migration of `app` writes it: `Entity` or `app.Entity`. */
export function resolveKey(app: string, reference: string): string {
  return reference.includes('.') ? reference : `${app}.${reference}`;
}

/** The whole name of the table of an entity. */
export function tableOfEntity({ table, schema }: Pick<EntityState, 'table' | 'schema'>): string {
  return wholeName(table, schema);
}

/** The whole name of a table of pairs: without a schema of its own it is beside the table of the entity that declares it. */
export function tableOfPairs(
  { schema: beside }: Pick<EntityState, 'schema'>,
  { table, schema = beside }: Pick<JunctionFieldState, 'table' | 'schema'>,
): string {
  return wholeName(table, schema);
}
