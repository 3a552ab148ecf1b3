import { quoteName } from '../../migrations/schema/literals.js';
import { type CatalogIndex, type CatalogIndexPart, type CatalogTable } from '../catalog.js';
import { groupBy } from '../group-rows.js';

/** A row of information_schema.STATISTICS. */
export interface StatisticsRow {
  readonly TABLE_NAME: string;
  readonly INDEX_NAME: string;
  readonly NON_UNIQUE: number | string;
  readonly COLUMN_NAME: string | null;
  readonly SUB_PART: number | string | null;
  readonly INDEX_TYPE: string;
  /** A for ascending, D for descending. */
  readonly COLLATION: string | null;
  /** MySQL 8 only. */
  readonly EXPRESSION?: string | null;
}

type Keys = Pick<CatalogTable, 'primaryKey' | 'uniques' | 'indexes'>;

/** Words before INDEX for those that are made differently. */
const KINDS: Readonly<Record<string, string>> = { fulltext: 'FULLTEXT ', spatial: 'SPATIAL ' };

/** Primary key, unique sets and other indexes of one table. */
export function mysqlIndexes(table: string, rows: readonly StatisticsRow[]): Keys {
  const all = [...groupBy(rows, ({ INDEX_NAME }) => INDEX_NAME).values()].map((parts) => indexOf(table, parts));
  const isUnique = ({ unique, plain }: CatalogIndex): boolean => unique && plain;
  const key = ({ name, parts }: CatalogIndex) => ({ name, columns: parts.map(({ column }) => column ?? '') });
  const primary = all.find(({ name }) => name === 'PRIMARY');
  const others = all.filter((index) => index !== primary);
  return {
    primaryKey: primary ? key(primary) : null,
    uniques: others.filter(isUnique).map(key),
    indexes: others.filter((index) => !isUnique(index)),
  };
}

function indexOf(table: string, rows: readonly StatisticsRow[]): CatalogIndex {
  const { INDEX_NAME: name, NON_UNIQUE, INDEX_TYPE } = rows[0]!;
  const method = INDEX_TYPE.toLowerCase();
  const parts = rows.map((row) => partOf(row, method));
  const unique = Number(NON_UNIQUE) === 0;
  const usual = parts.every(({ column, prefix, descending }) => column !== undefined && !prefix && !descending);
  const kind = KINDS[method] ?? (unique ? 'UNIQUE ' : '');
  const list = parts.map(partText).join(', ');
  return {
    name,
    unique,
    parts,
    method,
    definition: `CREATE ${kind}INDEX ${quoted(name)} ON ${quoted(table)} (${list})`,
    plain: usual && !KINDS[method],
  };
}

/** Full-text and spatial indexes say lengths that nobody wrote. */
function partOf({ COLUMN_NAME, EXPRESSION, SUB_PART, COLLATION }: StatisticsRow, method: string): CatalogIndexPart {
  return {
    ...(COLUMN_NAME === null ? { expression: EXPRESSION ?? '' } : { column: COLUMN_NAME }),
    ...(COLLATION === 'D' && { descending: true }),
    ...(SUB_PART !== null && !KINDS[method] && { prefix: Number(SUB_PART) }),
  };
}

function partText({ column, expression, prefix, descending }: CatalogIndexPart): string {
  const what = column === undefined ? `(${expression})` : quoted(column);
  return `${what}${prefix === undefined ? '' : `(${prefix})`}${descending ? ' DESC' : ''}`;
}

function quoted(name: string): string {
  return quoteName('mysql', name);
}
