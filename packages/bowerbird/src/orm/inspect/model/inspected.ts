import { type CatalogColumn, type CatalogIndex, type CatalogTable } from '../../catalog/catalog.js';
import {
  type ColumnTypes,
  type FieldKind,
  type ForeignKeyRules,
  type OnDelete,
  type PairKeyRules,
} from '../../describe/entity-description.js';
import { type DeclaredRules } from './declared-index.js';

/** The type of a column as an entity declares it. */
export interface InspectedType {
  readonly kind: FieldKind;
  /** The name by which `@Column` calls it. */
  readonly name: string;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** A list of PostgreSQL. */
  readonly array?: boolean;
  readonly types?: ColumnTypes;
  /** TypeORM knows nothing like it: the value is whatever the driver gives. */
  readonly unknown?: boolean;
}

/** A default as an entity declares it: a literal, or SQL. */
export type InspectedDefault = { readonly value: unknown } | { readonly sql: string };

/** An enum, as it is written once and used by columns. */
export interface InspectedEnum {
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

/** A property that holds a column. */
export interface InspectedColumn {
  readonly property: string;
  readonly column: CatalogColumn;
  readonly type: InspectedType;
  readonly primary: boolean;
  readonly nullable: boolean;
  readonly default?: InspectedDefault;
  readonly enum?: InspectedEnum;
  /** The database writes the moment of each change. */
  readonly updated: boolean;
  /** Whether a reference of the entity has the same column. */
  readonly ofReference: boolean;
  readonly remarks: readonly string[];
}

/** A column of a reference and the property of the target that it refers to. */
export interface InspectedJoin {
  readonly column: string;
  readonly references: string;
}

/** A reference to one row of another entity. */
export interface InspectedReference extends ForeignKeyRules {
  readonly property: string;
  readonly kind: 'many-to-one' | 'one-to-one';
  /** Class of the target. */
  readonly target: string;
  readonly inverse: string;
  readonly columns: readonly InspectedJoin[];
  readonly nullable: boolean;
  readonly onDelete: OnDelete;
}

/** A many-to-many relation on the side that declares its table. */
export interface InspectedPairs {
  readonly property: string;
  readonly target: string;
  readonly inverse: string;
  readonly table: string;
  /** Schema of the table, where that is another than the one of the entity. */
  readonly schema?: string;
  readonly from: readonly InspectedJoin[];
  readonly to: readonly InspectedJoin[];
  readonly primaryKey?: string;
  readonly fromKey?: PairKeyRules;
  readonly toKey?: PairKeyRules;
}

/** The other side of a relation. */
export interface InspectedInverse {
  readonly property: string;
  readonly kind: 'one-to-many' | 'one-to-one' | 'many-to-many';
  /** Class of the entity that declares the relation. */
  readonly target: string;
  /** Property of the relation there. */
  readonly of: string;
  /** Of pairs: what the foreign key to this side does. */
  readonly key?: PairKeyRules;
}

/** A named list of properties. */
export interface InspectedSet {
  readonly name: string;
  readonly paths: readonly string[];
  readonly columns: readonly string[];
  readonly where?: string;
  readonly unique?: boolean;
  readonly fullText?: true;
  /** Of an index for which `@Index` has no words. */
  readonly rules?: DeclaredRules;
}

/** A check. */
export interface InspectedCheck {
  readonly name: string;
  readonly expression: string;
}

/** An entity that is to be written. */
export interface InspectedEntity {
  readonly name: string;
  /** Name of its file without the ending. */
  readonly file: string;
  readonly table: CatalogTable;
  /** False for views, and for tables without a key. */
  readonly managed: boolean;
  /** Query of a view. */
  readonly view?: { readonly definition: string; readonly materialized: boolean };
  /** Name of the primary key, where the database keeps one. */
  readonly primaryKey?: string;
  readonly columns: readonly InspectedColumn[];
  readonly references: readonly InspectedReference[];
  readonly pairs: readonly InspectedPairs[];
  readonly inverses: readonly InspectedInverse[];
  readonly uniques: readonly InspectedSet[];
  readonly indexes: readonly InspectedSet[];
  /** Indexes that only SQL makes. */
  readonly special: readonly CatalogIndex[];
  readonly checks: readonly InspectedCheck[];
  /** Exclusion constraints of PostgreSQL: `USING gist (room WITH =)`. */
  readonly exclusions: readonly InspectedCheck[];
  readonly remarks: readonly string[];
}

/** Everything that was found, ready to be written. */
export interface InspectedApp {
  readonly name: string;
  /** Alias of the database. */
  readonly database: string;
  readonly entities: readonly InspectedEntity[];
  readonly enums: readonly InspectedEnum[];
  /** What people must know, one line each. */
  readonly notes: readonly string[];
}
