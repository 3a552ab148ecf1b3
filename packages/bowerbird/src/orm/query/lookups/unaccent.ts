import { type FieldKind } from '../../describe/entity-description.js';
import { QueryUsageError } from '../query.errors.js';
import { likePattern, type SqlDialect, type TextMatch } from '../sql/sql-dialect.js';
import { bind, join, raw, sql, type Sql } from '../sql/sql.js';
import { type Transform } from './transform.js';

/** Texts without their accents, on both sides of a comparison: `name__unaccent__icontains: 'Kōln'`. PostgreSQL only. */
export const UNACCENT: Transform = {
  name: 'unaccent',
  kinds: new Set<FieldKind>(['string', 'text']),
  result: 'string',
  compile: withoutAccents,
  forValues: unaccented,
};

function withoutAccents(value: Sql): Sql {
  return sql`UNACCENT(${value})`;
}

/** The same dialect, in which texts are compared with values that have no accents either. @throws QueryUsageError */
function unaccented(dialect: SqlDialect): SqlDialect {
  if (dialect.name !== 'postgres')
    throw new QueryUsageError(`unaccent is not there on ${dialect.name}`, {
      hint: 'It is an extension of PostgreSQL; store a text without accents beside the other one',
    });
  const bound = (value: unknown): Sql => withoutAccents(bind(value));
  return Object.create(dialect, {
    equalsAny: { value: (text: Sql, values: readonly unknown[]) => sql`${text} IN (${join(values.map(bound), ', ')})` },
    matches: {
      value: (text: Sql, value: string, { position, ignoreCase }: TextMatch) =>
        sql`${text} ${raw(ignoreCase ? 'ILIKE' : 'LIKE')} ${bound(likePattern(value, position, '\\'))}`,
    },
    search: {
      get: () => {
        throw new QueryUsageError('search cannot follow unaccent', {
          hint: 'Make a text search configuration that uses the dictionary unaccent, and name it',
        });
      },
    },
  }) as SqlDialect;
}
