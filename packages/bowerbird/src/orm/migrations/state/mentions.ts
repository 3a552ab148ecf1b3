import { sqlNames } from '../../describe/condition-text.js';
import { type SqlText } from '../../describe/entity-description.js';
import {
  type CheckState,
  type EntityState,
  type ExclusionState,
  type IndexState,
  type UniqueState,
} from './entity-state.js';
import { isColumn, isReference } from './field-state.js';

/** Anything of an entity that speaks of fields. */
export type PartState = UniqueState | IndexState | CheckState | ExclusionState;

/** Whether a part of an entity is made of a field, carries it, or names one of its columns in SQL. */
export function mentionsField(entity: EntityState, part: PartState, path: string): boolean {
  if ('fields' in part && [...part.fields, ...(part.include ?? [])].includes(path)) return true;
  const columns = columnsOfField(entity, path);
  return textsOf(part).some((text) => sqlNames(text).some((name) => columns.includes(name)));
}

function columnsOfField({ fields }: EntityState, path: string): readonly string[] {
  const field = fields[path];
  if (!field) return [];
  if (isColumn(field)) return [field.column ?? path];
  return isReference(field) ? Object.keys(field.columns) : [];
}

function textsOf(part: PartState): readonly string[] {
  if ('expression' in part) return eachText(part.expression);
  const { where, expressions = [] } = part as IndexState;
  return [...eachText(where), ...expressions.flatMap(({ sql }) => eachText(sql))];
}

function eachText(sql: SqlText | undefined): readonly string[] {
  if (sql === undefined) return [];
  return typeof sql === 'string' ? [sql] : Object.values(sql);
}
