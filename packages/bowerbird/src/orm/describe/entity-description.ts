import { type Class } from '#core';

import { type Where } from '../query/q.js';
import { type DatabaseNeed } from './database-needs.js';
import { type ReplacementDescription } from './on-delete-set.decorator.js';

/** The three kinds of database. MariaDB is `mysql`. */
export type Dialect = 'sqlite' | 'postgres' | 'mysql';

/** What a field holds, the same on every database. */
export type FieldKind =
  | 'string'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'float'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'time'
  | 'datetime'
  | 'uuid'
  | 'json'
  | 'enum'
  | 'binary';

/** What the text of a field means. */
export type FieldFormat =
  'email' | 'url' | 'slug' | 'file' | 'image' | 'password' | 'color' | 'phone' | 'markdown' | 'html';

/** How a value comes into being without anybody entering it. */
export type GeneratedValue =
  false | 'increment' | 'uuid' | 'created' | 'updated' | 'version' | 'deleted' | 'expression';

/** What happens to rows that refer to a removed row. `protect` is SQL's RESTRICT. */
export type OnDelete = 'cascade' | 'protect' | 'set-null' | 'set-default' | 'no-action';

/** The four kinds of relation. */
export type RelationKind = 'many-to-one' | 'one-to-one' | 'one-to-many' | 'many-to-many';

/** A default value given by an SQL expression. */
export interface SqlDefault {
  readonly sql: string;
}

/** A class-validator rule on a property. */
export interface ValidatorDescription {
  /** As class-validator names it: `minLength`, `isEmail`, … */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly message?: string;
  /** The rule holds for each element of a list. */
  readonly each?: boolean;
  /** The rule holds in some groups alone. */
  readonly groups?: readonly string[];
  /** The rule asks a function whether the other rules of the property hold. */
  readonly conditional?: true;
}

/** One allowed value of a field. */
export interface Choice {
  readonly value: string | number | boolean;
  readonly label: string;
}

/** Column types as DDL writes them, on the databases where they are not the usual ones of the kind. */
export type ColumnTypes = Readonly<Partial<Record<Dialect, string>>>;

/** The least and the greatest number of a column of integers; those of 64 bits are text. */
export type DescribedRange = readonly [least: number | string, most: number | string];

/** One column of an entity. Columns that only carry a relation are part of its {@link RelationDescription} instead. */
export interface FieldDescription {
  /** Property path: `name`, `address.city` for a property of an embedded class. */
  readonly path: string;
  /** Name of the column. */
  readonly column: string;
  readonly kind: FieldKind;
  /** The declared column type, where only one database has it: `citext`, `int[]`. */
  readonly nativeType?: string;
  /** The exact type on some databases, where it is not the usual one of the kind. */
  readonly types?: ColumnTypes;
  readonly format?: FieldFormat;
  readonly label: string;
  readonly help: string;
  readonly nullable: boolean;
  /** Whether forms accept an empty value. */
  readonly blank: boolean;
  /** A literal, `{ sql }`, or undefined for none. */
  readonly default: unknown;
  /** Most characters of a string, bytes of a binary value. */
  readonly length?: number;
  /** Digits of a decimal in all. */
  readonly precision?: number;
  /** Digits of a decimal after the point. */
  readonly scale?: number;
  /** What integers may be, where that is not what every column of the kind holds. */
  readonly range?: DescribedRange;
  readonly choices?: readonly Choice[];
  readonly primary: boolean;
  readonly generated: GeneratedValue;
  readonly unique: boolean;
  readonly editable: boolean;
  /** Its value must never be logged, audited or shown. */
  readonly sensitive: boolean;
  /** Whether queries load it unless asked not to. */
  readonly selected: boolean;
  readonly validators: readonly ValidatorDescription[];
  readonly comment: string;
  /** The relation whose key this declared column holds (`categoryId` of `category`). */
  readonly relation?: string;
  /** The expression of a computed column. */
  readonly expression?: string;
  /** Whether a computed column is computed when it is read, where the database can do that. */
  readonly virtual?: true;
  /** Whether the column stores its text encrypted. */
  readonly encrypted?: true;
  /** What the column stores differs from what the property holds (a TypeORM value transformer). */
  readonly transformed: boolean;
}

/** One column of a relation and the path on the target that it refers to. */
export interface RelationColumn {
  readonly column: string;
  readonly references: string;
}

/** Names in a table of pairs that TypeORM has no place for. */
export interface PairNames {
  readonly primaryKey?: string;
  /** The index of the own side, and that of the target; false for none, null for the usual one. */
  readonly indexes?: readonly [own: string | false | null, target: string | false | null];
}

/** One foreign key of a table of pairs, as far as it is not the usual one: cascading in both ways. */
export interface PairKeyRules extends Omit<ForeignKeyRules, 'index'> {
  readonly onDelete?: OnDelete;
  /** Name of its index; false for none. */
  readonly index?: string | false;
}

/** The table of a many-to-many relation, its columns in the order of the keys. */
export interface JunctionDescription {
  readonly table: string;
  /** Its schema, where one is named for it, its entity or the connection; PostgreSQL only. */
  readonly schema?: string;
  readonly ownColumns: readonly RelationColumn[];
  readonly targetColumns: readonly RelationColumn[];
  readonly primaryKeyName?: string;
  readonly ownKey?: PairKeyRules;
  readonly targetKey?: PairKeyRules;
}

/** What a foreign key may be beside its columns and what it does on removal. */
export interface ForeignKeyRules {
  /** Its name in the database, where it is not the one that TypeORM gives. */
  readonly name?: string;
  /** What happens when the key that it refers to changes. */
  readonly onUpdate?: OnDelete;
  /** Checked at the end of a transaction: always, or when the transaction asks for it. Not on MySQL. */
  readonly deferrable?: Deferral;
  /** False: its columns get no index. */
  readonly index?: false;
}

/** One relation of an entity. */
export interface RelationDescription {
  readonly path: string;
  readonly kind: RelationKind;
  /** Whether this side holds the columns or declares the junction table. */
  readonly owning: boolean;
  readonly target: Class;
  /** Path of the same relation on the target, where it is declared. */
  readonly inverse?: string;
  readonly nullable: boolean;
  readonly onDelete: OnDelete;
  /** What references to a deleted row are set to before it goes (`@OnDeleteSet`). */
  readonly onDeleteSet?: ReplacementDescription;
  /** False: no foreign key keeps it, so that rows may refer to what does not exist. */
  readonly enforced?: false;
  /** What the foreign key is besides; only what differs from the usual. */
  readonly constraint?: ForeignKeyRules;
  /** Columns of this table; empty on the side that does not own them. */
  readonly columns: readonly RelationColumn[];
  readonly junction?: JunctionDescription;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly blank: boolean;
  readonly label: string;
  readonly help: string;
  readonly editable: boolean;
  readonly validators: readonly ValidatorDescription[];
}

/** SQL text: one for every database, or one per database. Names stand in double quotes, or in none. */
export type SqlText = string | Readonly<Partial<Record<Dialect, string>>>;

/** When a constraint is checked, where that is not at once: at the end of a transaction, or when it asks for that. */
export type Deferral = 'deferred' | 'immediate';

/** How people are told that a constraint refuses a row; its words are among the messages of the entity. */
export interface ConstraintTelling {
  /** The code of the issue, where it is not the usual one of its kind. */
  readonly code?: string;
  /** Path of the field that tells, where it is not the only one concerned. */
  readonly at?: string;
}

/** A set of paths whose values are unique together. */
export interface UniqueDescription extends ConstraintTelling {
  readonly name: string;
  readonly paths: readonly string[];
  /** PostgreSQL: further columns that its index carries. */
  readonly include?: readonly string[];
  /** PostgreSQL only. */
  readonly deferrable?: Deferral;
  /** `same`: two rows without a value are alike; else any number of them may be. */
  readonly nulls?: 'same';
}

/** A value that an index is made of beside columns. */
export interface IndexExpression {
  readonly sql: SqlText;
  /** What it comes to. */
  readonly type: ExpressionType;
  /** Whether it begins with the greatest. */
  readonly descending?: true;
}

/** What an expression comes to, as far as a column must know to hold it. */
export interface ExpressionType {
  readonly kind: FieldKind;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** An index. */
export interface IndexDescription extends ConstraintTelling {
  readonly name: string;
  /** Paths that it speaks of; its columns, unless it has expressions. */
  readonly paths: readonly string[];
  readonly unique: boolean;
  /** Condition of a partial index. */
  readonly where?: SqlText;
  /** What it is made of instead of columns. */
  readonly expressions?: readonly IndexExpression[];
  /** Those of its paths that begin with the greatest. */
  readonly descending?: readonly string[];
  /** PostgreSQL: further columns that it carries. */
  readonly include?: readonly string[];
  /** PostgreSQL: the operator class of each part, empty for the usual one. */
  readonly operators?: readonly string[];
  /** PostgreSQL: `gin`, `gist`, `brin`, … */
  readonly using?: string;
  readonly nulls?: 'same';
  /** A full-text index: true for the words of the framework, or a text search configuration of PostgreSQL. */
  readonly fullText?: true | string;
}

/** A check constraint. */
export interface CheckDescription extends ConstraintTelling {
  readonly name: string;
  readonly expression: SqlText;
}

/** An exclusion constraint (PostgreSQL): no two rows for which all of its comparisons hold. */
export interface ExclusionDescription extends ConstraintTelling {
  /** Undefined where it is the one that TypeORM gives. */
  readonly name?: string;
  /** `USING gist (room WITH =, during WITH &&)`. */
  readonly expression: string;
  readonly deferrable?: Deferral;
}

/** A constraint that cannot be understood, and why. */
export interface ConstraintProblem {
  readonly constraint: string;
  readonly message: string;
  readonly hint?: string;
  /** Whether only those mind it who make the table. */
  readonly ofTable?: true;
}

/** Several entities in one table, told apart by a discriminator column. */
export interface InheritanceDescription {
  readonly column: string;
  /** The discriminator's value for this entity. */
  readonly value: string;
  /** The entity that declares the table; undefined for that entity itself. */
  readonly parent?: Class;
}

/** How a tree of rows is stored, beside the reference to the parent (TypeORM's `@Tree`). */
export interface TreeDescription {
  /** Column that holds the keys from the root down to the row (materialized path). */
  readonly path?: string;
  /** Columns that hold the row's place in a walk through the tree (nested set). */
  readonly bounds?: readonly [left: string, right: string];
  /** Table of all pairs of ancestor and descendant (closure table). */
  readonly closure?: {
    readonly table: string;
    readonly schema?: string;
    readonly ancestors: readonly RelationColumn[];
    readonly descendants: readonly RelationColumn[];
  };
}

/** The default scope of entities with a deletion date: rows that are not deleted. */
export const TRASH_SCOPE = 'trashed';

/** The column that says where rows stand among those of their parent (`@PositionColumn`). */
export interface PositionDescription {
  readonly path: string;
  /** References and fields whose equal values make one parent; empty for one order of all rows. */
  readonly within: readonly string[];
}

/** A condition that every query of an entity has unless it is left out by name. */
export interface ScopeDescription {
  readonly name: string;
  /** Whether the condition is the same for every statement. */
  readonly fixed: boolean;
  /** The condition, asked for by each statement. */
  readonly where: () => Where;
}

/** A primary key: text for one column, values by path for several. */
export type EntityKey = string | Readonly<Record<string, string>>;

/** All that the framework knows of an entity: frozen plain data, derived once from decorators. */
export interface EntityDescription<E extends object = object> {
  readonly target: Class<E>;
  /** Class name: `Product`. */
  readonly name: string;
  /** Name of the app that owns it: `shop`. */
  readonly app: string;
  /** `shop.product`. */
  readonly key: string;
  /** Alias of the database that holds it. */
  readonly database: string;
  readonly table: string;
  /** The schema of its table, where one is named for it or for the connection; PostgreSQL only. */
  readonly schema?: string;
  /** Whether its schema is another than the one that is named for the connection. */
  readonly apart?: true;
  readonly label: string;
  readonly labelPlural: string;
  readonly fields: readonly FieldDescription[];
  readonly relations: readonly RelationDescription[];
  /** Foreign keys that are no relation (TypeORM's `@ForeignKey`), under paths that no property has: `fk(categoryId)`. */
  readonly foreignKeys?: readonly RelationDescription[];
  /** Paths of the primary key; a relation's path where the key is a reference. */
  readonly primaryKey: readonly string[];
  /** Name of the primary key in the database, where it is not the one that TypeORM gives. */
  readonly primaryKeyName?: string;
  readonly uniques: readonly UniqueDescription[];
  readonly indexes: readonly IndexDescription[];
  readonly checks: readonly CheckDescription[];
  /** Known on every database, so that migrations written on one serve all. */
  readonly exclusions?: readonly ExclusionDescription[];
  /** Constraints that were left out because they cannot be understood; for the checks. */
  readonly constraintProblems?: readonly ConstraintProblem[];
  /** Path of the date that marks a row as deleted (`@DeleteDateColumn`); null where rows are deleted for good. */
  readonly deletionDate: string | null;
  /** What queries leave out by themselves. */
  readonly scopes: readonly ScopeDescription[];
  readonly ordering: readonly string[];
  /** Where rows stand among others, where a column says it. */
  readonly position?: PositionDescription;
  readonly latestBy: string | null;
  /** Fields and references that name a row wherever it is stored; empty where none are declared. */
  readonly naturalKey: readonly string[];
  readonly display: string | null;
  readonly managed: boolean;
  /** What it needs of the database; empty where each will do. */
  readonly requires: readonly DatabaseNeed[];
  /** What people read when a constraint refuses a row, by the name of the constraint. */
  readonly messages: Readonly<Record<string, string>>;
  readonly audited: boolean;
  /** Permissions beside view, add, change and delete: action to label. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly inheritance?: InheritanceDescription;
  /** The entity whose rows it stands for (`@ProxyEntity`): what is written is told of that one. */
  readonly proxyOf?: EntityDescription;
  readonly tree?: TreeDescription;
  readonly comment: string;
  field(path: string): FieldDescription | undefined;
  relation(path: string): RelationDescription | undefined;
  /** The text form of a row: display, its own `toString()`, name or title, else `Product 3`. */
  text(row: object): string;
  /** The primary key of a row; `key` is the name of the entity itself. */
  keyOf(row: object): EntityKey;
}
