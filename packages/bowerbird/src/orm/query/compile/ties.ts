import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type GenericTie } from '../model/generic-relation.js';
import { type RelationModel } from '../model/relation-model.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';

/** The columns of the row that a relation starts at. */
export type OwnColumns = (column: ColumnModel) => Sql;

/** A column by the alias of its table; a computed one by its expression. */
export function columnSql(alias: string, column: ColumnModel, model: EntityModel): Sql {
  const { metadata } = column;
  if (metadata.isVirtualProperty && metadata.query) return raw(`(${metadata.query(alias)})`);
  return columnOf(alias, column.name, model);
}

/** A column by its name in the database. */
export function columnOf(alias: string, name: string, model: EntityModel): Sql {
  return raw(`${alias}.${model.dialect.quote(name)}`);
}

/** What ties the rows of a relation, or of its junction, under an alias to the row that it starts at. */
export function tie(relation: RelationModel, own: OwnColumns, to: string): Sql {
  const { target, junction } = relation;
  if (relation.generic) return tieGeneric(relation, relation.generic, own, to);
  const equalities = junction
    ? junction.own.map(({ name, references }) => sql`${columnOf(to, name, target)} = ${own(references)}`)
    : relation.pairs.map((pair) => sql`${columnSql(to, pair.target, target)} = ${own(pair.own)}`);
  return join(equalities, ' AND ');
}

function tieGeneric(
  { pairs, target }: RelationModel,
  { reference, types, key }: GenericTie,
  own: OwnColumns,
  to: string,
): Sql {
  const held = columnSql(to, reference.key, target);
  return sql`${held} = ${key(own(pairs[0]!.own))} AND ${columnSql(to, reference.type, target)} ${types()}`;
}

/** What ties the rows of a relation to those of its junction. */
export function tieJunction(relation: RelationModel, junction: string, to: string): Sql {
  const { target } = relation;
  const equalities = relation.junction!.target.map(
    ({ name, references }) => sql`${columnSql(to, references, target)} = ${columnOf(junction, name, target)}`,
  );
  return join(equalities, ' AND ');
}
