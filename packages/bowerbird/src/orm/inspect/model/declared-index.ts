import { isFullText, type CatalogIndex } from '../../catalog/catalog.js';

/** What `@TableIndex` says of an index beside its columns and its condition. */
export interface DeclaredRules {
  /** SQL of its parts, where they are no columns. */
  readonly expressions?: readonly string[];
  /** Whether each of its columns begins with the greatest, where one does. */
  readonly descending?: readonly boolean[];
  /** The operator class of each part, empty for the usual one. */
  readonly operators?: readonly string[];
  readonly using?: string;
}

/** Words of PostgreSQL behind the parts of an index, or about them, that no decorator has. */
const UNKNOWN = /\b(INCLUDE|WITH|TABLESPACE|NULLS|COLLATE|ONLY)\b/;

/** Whether `@TableIndex` has words for an index for which `@Index` has none. */
export function isDeclarable(index: CatalogIndex): boolean {
  const { plain, unique, parts, definition } = index;
  if (plain || unique || isFullText(index)) return false;
  const isColumn = parts.every(({ column }) => column !== undefined);
  const isExpression = parts.every(({ column, descending }) => column === undefined && !descending);
  const usual = parts.every(({ prefix, collation }) => prefix === undefined && collation === undefined);
  return usual && (isColumn || isExpression) && !UNKNOWN.test(definition);
}

/** What a declared index is beside its columns. */
export function declaredRules({ parts, method }: CatalogIndex): DeclaredRules {
  const expressions = parts.flatMap(({ expression }) => expression ?? []);
  return {
    ...(expressions.length > 0 && { expressions }),
    ...(parts.some(({ descending }) => descending) && {
      descending: parts.map(({ descending = false }) => descending),
    }),
    ...(parts.some(({ operators }) => operators) && { operators: parts.map(({ operators = '' }) => operators) }),
    ...(method !== 'btree' && { using: method }),
  };
}
