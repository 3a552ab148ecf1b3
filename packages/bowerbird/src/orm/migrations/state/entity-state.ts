import { type FieldState } from './field-state.js';

/** A unique set of fields. */
export interface UniqueState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  readonly fields: readonly string[];
}

/** An index over fields. */
export interface IndexState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  readonly fields: readonly string[];
  readonly unique?: boolean;
  /** SQL condition of a partial index; SQLite and PostgreSQL only. */
  readonly where?: string;
}

/** A condition that each row keeps. */
export interface CheckState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  readonly expression: string;
}

/** A condition that no two rows keep together; PostgreSQL only. */
export interface ExclusionState {
  /** Left out when it is the name that TypeORM gives. */
  readonly name?: string;
  /** `USING gist (room WITH =, during WITH &&)`. */
  readonly expression: string;
}

/** What migrations know of one entity: plain data, the same for every database. */
export interface EntityState {
  readonly app: string;
  readonly name: string;
  readonly table: string;
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

/** The key of a reference as a migration of `app` writes it: `Entity` or `app.Entity`. */
export function resolveKey(app: string, reference: string): string {
  return reference.includes('.') ? reference : `${app}.${reference}`;
}
