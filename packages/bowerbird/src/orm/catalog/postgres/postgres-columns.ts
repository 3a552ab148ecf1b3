import { type CatalogColumn, type CatalogType } from '../catalog.js';
import { parseType } from '../types.js';

/** A row of the query for columns. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** `b`ase, `e`num, `d`omain, `c`omposite, `r`ange, `m`ultirange. */
  readonly typeKind: string;
  readonly isArray: boolean;
  readonly elementKind: string;
  readonly elementName: string;
  /** Number of the type, of a list that of its values. */
  readonly element: string;
  readonly base: string | null;
  readonly ofExtension: boolean;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly identity: '' | 'a' | 'd';
  readonly generated: '' | 's' | 'v';
  readonly comment: string | null;
  readonly collation: string | null;
  readonly sequence: string | null;
}

/** A row of the query for the values of enums. */
export interface EnumRow {
  /** Number of the type. */
  readonly type: string;
  readonly values: readonly string[];
}

const CUSTOM: Readonly<Record<string, CatalogType['custom']>> = {
  e: 'enum',
  d: 'domain',
  c: 'composite',
  r: 'range',
  m: 'range',
};
const ASKS_SEQUENCE = /^nextval\('(.*)'::regclass\)$/;

/** One column of a table or view. */
export function postgresColumn(row: ColumnRow, enums: ReadonlyMap<string, readonly string[]>): CatalogColumn {
  const { name, nullable, identity, comment, collation } = row;
  const sequence = ASKS_SEQUENCE.exec(row.default ?? '')?.[1];
  const counts = identity !== '' || sequence !== undefined;
  const computed = row.generated !== '';
  return {
    name,
    type: typeOfColumn(row, enums),
    nullable,
    default: computed ? null : row.default,
    generated: computed ? (row.generated === 'v' ? 'virtual' : 'stored') : counts ? 'increment' : false,
    ...(computed && row.default !== null && { expression: row.default }),
    ...(counts && { counter: identity === 'a' ? 'identity always' : identity === 'd' ? 'identity' : 'sequence' }),
    ...(counts && { sequence: sequence ?? row.sequence ?? '' }),
    ...(collation !== null && { collation }),
    comment: comment ?? '',
  };
}

/** Of a domain the sizes are those of the type below it. */
function typeOfColumn(row: ColumnRow, enums: ReadonlyMap<string, readonly string[]>): CatalogType {
  const { type, typeKind, isArray, elementKind, elementName, element, base, ofExtension } = row;
  const written = parseType(type);
  if (typeKind === 'd' && base !== null) return { ...parseType(base), text: type, custom: 'domain' };
  const custom = ofExtension ? 'extension' : CUSTOM[elementKind];
  const values = elementKind === 'e' ? enums.get(element) : undefined;
  return {
    ...written,
    ...(isArray && { array: true }),
    ...(custom && { custom, name: elementName }),
    ...(values && { values }),
  };
}
