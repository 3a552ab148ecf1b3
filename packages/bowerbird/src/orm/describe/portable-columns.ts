import { type ColumnType, type DataSource, type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type Dialect, type FieldKind } from './entity-description.js';
import { FIELD_NOTE } from './field.decorator.js';

/** Characters of a string without a declared length. */
const DEFAULT_LENGTH = '255';
/** Fractional digits of the seconds of a datetime: a JavaScript Date has milliseconds. */
const MILLISECONDS = 3;
/** Digits of a decimal whose precision is not declared, and how many of them stand after the point. */
const DEFAULT_DECIMAL = { precision: 19, scale: 4 } as const;

/** Names of column types by what they hold. What is not here belongs to one database and is left alone. */
const TYPE_NAMES: Readonly<Record<FieldKind, string>> = {
  string: 'varchar,char,character,character varying,varying character,nvarchar,nchar,varchar2,string,national varchar',
  text: 'text,tinytext,mediumtext,longtext,clob',
  integer: 'int,integer,int2,int4,smallint,mediumint,tinyint',
  bigint: 'bigint,int8,unsigned big int',
  float: 'float,float4,float8,real,double,double precision',
  decimal: 'decimal,numeric,dec,fixed',
  boolean: 'boolean,bool',
  date: 'date',
  time: 'time,time without time zone',
  datetime:
    'datetime,datetime2,timestamp,timestamptz,timestamp with time zone,timestamp without time zone,datetimeoffset',
  uuid: 'uuid',
  json: 'json,jsonb,simple-json,simple-array',
  enum: 'enum,simple-enum',
  binary: 'blob,tinyblob,mediumblob,longblob,bytea,binary,varbinary',
};

const KIND_OF_NAME: ReadonlyMap<string, FieldKind> = new Map(
  (Object.entries(TYPE_NAMES) as [FieldKind, string][]).flatMap(([kind, names]) =>
    names.split(',').map((name) => [name, kind] as const),
  ),
);

type TypeOnDialect = Readonly<Record<Dialect, ColumnType>>;
const same = (type: ColumnType): TypeOnDialect => ({ sqlite: type, postgres: type, mysql: type });

/** TypeORM's type for each kind. `simple-json` is text that TypeORM parses. */
const COLUMN_TYPES: Readonly<Record<FieldKind, TypeOnDialect>> = {
  string: same('varchar'),
  text: { sqlite: 'text', postgres: 'text', mysql: 'longtext' },
  integer: { sqlite: 'integer', postgres: 'integer', mysql: 'int' },
  bigint: same('bigint'),
  float: { sqlite: 'double', postgres: 'double precision', mysql: 'double' },
  decimal: { sqlite: 'decimal', postgres: 'numeric', mysql: 'decimal' },
  boolean: same('boolean'),
  date: same('date'),
  time: same('time'),
  datetime: { sqlite: 'datetime', postgres: 'timestamptz', mysql: 'datetime' },
  uuid: { sqlite: 'varchar', postgres: 'uuid', mysql: 'varchar' },
  json: { sqlite: 'simple-json', postgres: 'jsonb', mysql: 'json' },
  enum: same('varchar'),
  binary: { sqlite: 'blob', postgres: 'bytea', mysql: 'longblob' },
};

const NOW: Readonly<Record<Dialect, string>> = {
  sqlite: "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')",
  postgres: `CURRENT_TIMESTAMP(${MILLISECONDS})`,
  mysql: `CURRENT_TIMESTAMP(${MILLISECONDS})`,
};
const MEANS_NOW = /^\s*\(?\s*(now\(\)|current_timestamp(\(\d?\))?|datetime\('now'\)|strftime\(.*'now'\s*\))\s*\)?\s*$/i;

/** What a column was declared as, kept on it before its type is replaced. */
const DECLARED = Symbol('bowerbird:declared column');

/** What a column was declared as, before its type became that of the database at hand. */
export interface DeclaredColumn {
  readonly kind: FieldKind;
  readonly choices?: readonly (string | number)[];
  /** Name of the type: `smallint`; `integer` for a property that is a number. */
  readonly type: string;
  readonly unsigned: boolean;
  /** What MySQL would write on each change of the row. */
  readonly onUpdate?: string;
  /** The exact type on the database at hand, where `@Field` names one: `int unsigned`. */
  readonly exact?: string;
}

/** Stands on columns that were declared as virtual, where the database stores them. */
const LATE = Symbol('bowerbird:computed late');

type NotedColumn = ColumnMetadata & { [DECLARED]?: DeclaredColumn; [LATE]?: true };

/** What a column holds. Types that only one database has count as strings, lists of PostgreSQL as JSON. */
export function kindOf(column: ColumnMetadata): FieldKind {
  return (column as NotedColumn)[DECLARED]?.kind ?? declaredKind(column) ?? (column.isArray ? 'json' : 'string');
}

/** What a column holds, if its type was replaced; undefined for columns of an adopted data source's own entities. */
export function adaptedKind(column: ColumnMetadata): FieldKind | undefined {
  return (column as NotedColumn)[DECLARED]?.kind;
}

/** What a column was declared as, if its type was replaced; undefined for columns of an adopted data source's own entities. */
export function declaredColumn(column: ColumnMetadata): DeclaredColumn | undefined {
  return (column as NotedColumn)[DECLARED];
}

/** The type of a column as it was declared, where only one database has it (`citext`, `int[]`); undefined otherwise. */
export function nativeTypeOf(column: ColumnMetadata): string | undefined {
  if ((column as NotedColumn)[DECLARED] || declaredKind(column)) return undefined;
  const kind = kindOfType(column.type);
  const name = typeof column.type === 'string' ? column.type : String(COLUMN_TYPES[kind ?? 'string'].postgres);
  const feature = [column.spatialFeatureType, column.srid].filter((part) => part !== undefined && part !== null);
  const size = column.length ? `(${column.length})` : feature.length > 0 ? `(${feature.join(',')})` : '';
  return `${name}${size}${column.isArray ? '[]' : ''}`;
}

/** The values of an enum column. */
export function enumValues(column: ColumnMetadata): readonly (string | number)[] | undefined {
  return (column as NotedColumn)[DECLARED]?.choices ?? column.enum;
}

/** Whether a default expression means the present moment. */
export function meansNow(sql: string): boolean {
  return MEANS_NOW.test(sql);
}

/** Replaces the types of columns by those of the database at hand, so that one entity works on all of them. */
export function makePortable(metadatas: readonly EntityMetadata[], dialect: Dialect): void {
  for (const metadata of metadatas) {
    const joined = metadata.relations.flatMap(({ joinColumns, inverseJoinColumns }) => [
      ...joinColumns,
      ...inverseJoinColumns,
    ]);
    const referring = metadata.foreignKeys.flatMap(({ columns }) => columns);
    for (const column of new Set([...metadata.columns, ...joined, ...referring])) {
      adapt(column, dialect);
      if (column.asExpression) Object.assign(column, { isInsert: false, isUpdate: false });
    }
  }
}

/** Those of PostgreSQL, where an index serves by its type; elsewhere it is of the usual type, or left out. */
const INDEX_TYPES = ['btree', 'hash', 'gist', 'spgist', 'gin', 'brin'];

/** Teaches a driver the types of the other databases, so that TypeORM accepts them. */
export function acceptPortableTypes(
  { driver }: DataSource,
  dialect: Dialect,
  concerns: (column: Partial<ColumnMetadata>) => boolean,
): void {
  const normalize = driver.normalizeType.bind(driver);
  const normalizeType: typeof driver.normalizeType = (column) => {
    if (!concerns(column as Partial<ColumnMetadata>)) return normalize(column);
    if (dialect === 'postgres') storeComputed(column as Partial<NotedColumn>);
    const kind = column.isArray ? undefined : kindOfType(column.type);
    return normalize(kind && kind !== 'enum' ? { ...column, type: COLUMN_TYPES[kind][dialect] } : enumAsText(column));
  };
  Object.assign(driver, { normalizeType, supportedIndexTypes: INDEX_TYPES });
}

/** PostgreSQL stores what TypeORM would have it compute when it is read, and refuse. */
function storeComputed(column: Partial<NotedColumn>): void {
  if (column.asExpression && column.generatedType === 'VIRTUAL')
    Object.assign(column, { generatedType: 'STORED', [LATE]: true });
}

/** Whether a computed column was declared as one that is computed when it is read. */
export function isComputedLate(column: ColumnMetadata): boolean {
  return column.generatedType === 'VIRTUAL' || (column as NotedColumn)[LATE] === true;
}

function enumAsText<C extends { type?: unknown }>(column: C): C {
  return kindOfType(column.type) === 'enum' ? { ...column, type: 'varchar' } : column;
}

/** What a column type of this name holds, on whatever database; undefined for types that only one of them has. */
export function kindOfTypeName(name: string): FieldKind | undefined {
  return KIND_OF_NAME.get(name);
}

function kindOfType(type: unknown): FieldKind | undefined {
  if (type === String) return 'string';
  if (type === Number) return 'integer';
  if (type === Boolean) return 'boolean';
  if (type === Date) return 'datetime';
  if (typeof type === 'function') return type.prototype instanceof Uint8Array ? 'binary' : undefined;
  return KIND_OF_NAME.get(String(type));
}

function declaredKind({ type, isArray, enum: values }: ColumnMetadata): FieldKind | undefined {
  if (isArray) return undefined;
  const kind = kindOfType(type);
  return kind === 'enum' && values?.every((value) => typeof value === 'number') ? 'integer' : kind;
}

function adapt(column: ColumnMetadata, dialect: Dialect): void {
  const noted = column as NotedColumn;
  const kind = declaredKind(column);
  if (noted[DECLARED] || !kind) return;
  noted[DECLARED] = declarationOf(column, kind, dialect);
  Object.assign(column, {
    type: COLUMN_TYPES[kind][dialect],
    length: lengthOf(column, kind, dialect),
    enum: undefined,
    width: undefined,
    unsigned: false,
    onUpdate: undefined,
    ...digitsOf(column, kind, dialect),
  });
  if (kind === 'bigint' && dialect === 'sqlite' && column.generationStrategy === 'increment') column.type = 'integer';
  adaptDefault(column, kind, dialect);
}

function declarationOf(column: ColumnMetadata, kind: FieldKind, dialect: Dialect): DeclaredColumn {
  const { type, enum: choices, unsigned, onUpdate, embeddedMetadata, entityMetadata, propertyName } = column;
  const owner: unknown = embeddedMetadata?.type ?? entityMetadata.target;
  const note = typeof owner === 'function' ? FIELD_NOTE.read(owner.prototype as object, propertyName) : undefined;
  const exact = note?.types?.[dialect];
  const name = typeof type === 'string' ? type : String(COLUMN_TYPES[kind].sqlite);
  return {
    kind,
    choices,
    type: name,
    unsigned: unsigned,
    ...(onUpdate && { onUpdate }),
    ...(exact !== undefined && { exact }),
  };
}

function lengthOf({ length }: ColumnMetadata, kind: FieldKind, dialect: Dialect): string {
  if (kind === 'uuid') return dialect === 'postgres' ? '' : '36';
  return kind === 'string' || kind === 'enum' ? length || DEFAULT_LENGTH : '';
}

function digitsOf(
  { precision, scale }: ColumnMetadata,
  kind: FieldKind,
  dialect: Dialect,
): { readonly precision?: number; readonly scale?: number } {
  if (kind === 'datetime')
    return { precision: dialect === 'sqlite' ? undefined : wantedSeconds(precision), scale: undefined };
  if (kind !== 'decimal') return { precision: undefined, scale: undefined };
  const declared = precision !== undefined && precision !== null;
  return {
    precision: declared ? precision : DEFAULT_DECIMAL.precision,
    scale: scale ?? (declared ? 0 : DEFAULT_DECIMAL.scale),
  };
}

/** TypeORM puts 6 on dates that it sets itself; whatever else is declared is kept. */
function wantedSeconds(precision: number | null | undefined): number {
  return typeof precision === 'number' && precision < 6 ? precision : MILLISECONDS;
}

function adaptDefault(column: ColumnMetadata, kind: FieldKind, dialect: Dialect): void {
  const given = column.default as unknown;
  if (kind === 'datetime' && typeof given === 'function' && meansNow(String((given as () => unknown)())))
    column.default = () => NOW[dialect];
}
