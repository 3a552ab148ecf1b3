import { type FieldKind } from '../../describe/entity-description.js';
import { nativeTypeOf } from '../../describe/portable-columns.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { type SearchDocument } from '../search/search-document.js';
import { ParsedQuery, queryOf, WrittenQuery } from '../search/search-query.js';
import { TextDocument } from '../search/text-document.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type Lookup, type Operand } from './lookup.js';

const TEXTS: ReadonlySet<FieldKind> = new Set<FieldKind>(['string', 'text', 'enum']);

/** Lookups of words in texts, and of texts that are alike. */
export const SEARCH_LOOKUPS: readonly Lookup[] = [
  { name: 'search', kinds: TEXTS, compile: search },
  alike('trigramSimilar', '%'),
  alike('trigramWordSimilar', '%>'),
  alike('trigramStrictWordSimilar', '%>>'),
];

/** What is searched in where a text stands by itself. */
export interface SearchedValue {
  readonly sql: Sql;
  readonly column?: ColumnModel | undefined;
  readonly document?: SearchDocument | undefined;
}

/** A text, a stored vector, or what has been compiled as one, as something to search in. */
export function documentOf({ sql: value, column, document }: SearchedValue, dialect: SqlDialect): SearchDocument {
  if (document) return document;
  if (column && nativeTypeOf(column.metadata) === 'tsvector') return dialect.search.stored(value);
  const text = dialect.search.present(value);
  const part = { text, weight: undefined, config: undefined, column: column && { model: column, sql: value } };
  return new TextDocument([part], dialect);
}

/** A lookup of a vector, which is searched and nothing else. @throws UnknownLookupError */
export function compileVector(operand: Operand, lookups: readonly string[], value: unknown): Sql {
  if (lookups.length === 1 && lookups[0] === 'search') return search(operand, value);
  throw new UnknownLookupError(operand.path, lookups.join('__'), ['search']);
}

function search(operand: Operand, value: unknown): Sql {
  if (typeof value !== 'string' && !(value instanceof ParsedQuery) && !(value instanceof WrittenQuery))
    throw new BadLookupValueError(operand.path, value, 'a text or a SearchQuery');
  const query = value instanceof WrittenQuery ? value : queryOf(value).written();
  const matches = documentOf(operand, operand.dialect).matches(query);
  return query.config?.nullable ? sql`(${matches} IS TRUE)` : matches;
}

/** https://www.postgresql.org/docs/current/pgtrgm.html#PGTRGM-FUNCS-OPS */
function alike(name: string, operator: string): Lookup {
  return {
    name,
    kinds: TEXTS,
    compile(operand, value) {
      if (operand.dialect.name !== 'postgres')
        throw new QueryUsageError(`${name} is not there on ${operand.dialect.name}`, {
          hint: 'It is an extension of PostgreSQL; icontains and regex work everywhere',
        });
      return sql`${operand.sql} ${raw(operator)} ${operand.value(value)}`;
    },
  };
}
