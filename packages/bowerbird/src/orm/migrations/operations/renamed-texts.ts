import { eachText, renamedNames } from '../../describe/condition-text.js';
import { type SqlText } from '../../describe/entity-description.js';
import { type EntityState } from '../state/entity-state.js';
import { isColumn, type FieldState } from '../state/field-state.js';

/** Conditions and expressions of an entity follow the new names of its columns, as far as they have them in double quotes. */
export function renamedTexts(entity: EntityState, names: ReadonlyMap<string, string>): EntityState {
  const rename = (name: string): string => names.get(name) ?? name;
  if ([...names].every(([from, to]) => from === to)) return entity;
  const text = (sql: SqlText): SqlText => eachText(sql, (each) => renamedNames(each, rename));
  const { fields, indexes, checks, exclusions } = entity;
  const computed = (field: FieldState): FieldState =>
    isColumn(field) && field.expression !== undefined ? { ...field, expression: text(field.expression) } : field;
  return {
    ...entity,
    fields: Object.fromEntries(Object.entries(fields).map(([path, field]) => [path, computed(field)])),
    indexes: indexes.map((index) => ({
      ...index,
      ...(index.where !== undefined && { where: text(index.where) }),
      ...(index.expressions && { expressions: index.expressions.map((each) => ({ ...each, sql: text(each.sql) })) }),
    })),
    checks: checks.map((check) => ({ ...check, expression: text(check.expression) })),
    ...(exclusions && {
      exclusions: exclusions.map((each) => ({ ...each, expression: renamedNames(each.expression, rename) })),
    }),
  };
}
