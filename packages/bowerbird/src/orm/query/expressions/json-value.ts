import { type FieldKind } from '../../describe/entity-description.js';
import { isHstore } from '../lookups/hstore-lookups.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { bind, sql, type Sql } from '../sql/sql.js';
import { UTC } from '../zones/time-zone.js';
import { type CompiledExpression } from './expression.js';

/** The kinds as which values inside of documents can be read. */
export const JSON_CASTS: readonly FieldKind[] = ['float', 'integer', 'bigint', 'string', 'boolean'];

/** Whether a value is a list of PostgreSQL, and no document. */
export function isList({ column }: CompiledExpression): boolean {
  return column?.metadata.isArray ?? false;
}

/** A column holds a whole document, which is read before it is compared; what is read of it already stays. */
export function documentOf({ column, sql: value }: CompiledExpression, { json }: SqlDialect): Sql {
  return column ? json.at(value, []) : value;
}

/** The value at some keys of a document, or at the key of an hstore; the document itself without keys. */
export function valueAt(
  document: CompiledExpression,
  keys: readonly string[],
  { json }: SqlDialect,
): CompiledExpression {
  const { column, sql: whole } = document;
  if (keys.length === 0) return document;
  if (column && isHstore(column))
    return { sql: sql`(${whole} -> ${bind(keys[0])}::text)`, kind: 'string', nullable: true };
  return { sql: json.at(whole, keys), kind: 'json', nullable: true };
}

/** A value inside of a document as one of the kinds that it may be, NULL where it is of another type. */
export function jsonAs(value: CompiledExpression, kind: FieldKind, dialect: SqlDialect): CompiledExpression {
  const { json, expressions } = dialect;
  const document = documentOf(value, dialect);
  if (kind === 'string')
    return guarded(sql`CASE WHEN ${json.isType(document, ['string'])} THEN ${json.text(document)} END`, kind);
  if (kind === 'boolean')
    return guarded(sql`CASE WHEN ${json.isType(document, ['boolean'])} THEN ${json.boolean(document)} END`, kind);
  const number = expressions.asFloat(json.number(document));
  const float = guarded(sql`CASE WHEN ${json.isType(document, ['number'])} THEN ${number} END`, 'float');
  return kind === 'float' ? float : guarded(expressions.cast(float, kind, UTC), kind);
}

function guarded(value: Sql, kind: FieldKind): CompiledExpression {
  return { sql: value, kind, nullable: true };
}

/**
 * What a value inside of a document is ordered by: numbers come first, then texts, then truth values. Lists and documents
 * stand behind them without an order of their own, and what is null or not there is NULL.
 */
export function jsonOrder(value: CompiledExpression, dialect: SqlDialect): readonly CompiledExpression[] {
  const { json, expressions } = dialect;
  const document = documentOf(value, dialect);
  const [isNumber, isText, isTruth] = (['number', 'string', 'boolean'] as const).map((type) =>
    json.isType(document, [type]),
  );
  const rank = sql`CASE WHEN ${isNumber} THEN 1 WHEN ${isText} THEN 2 WHEN ${isTruth} THEN 3 WHEN ${json.isType(document, ['array', 'object'])} THEN 4 END`;
  const truth = sql`CASE WHEN ${json.boolean(document)} THEN 1.0 ELSE 0.0 END`;
  const number = sql`CASE WHEN ${isNumber} THEN ${json.number(document)} WHEN ${isTruth} THEN ${truth} END`;
  return [
    { sql: rank, kind: 'integer', nullable: true },
    { sql: expressions.asFloat(number), kind: 'float', nullable: true },
    jsonAs(value, 'string', dialect),
  ];
}
