import { partsOfForeignKeyPath } from '../../describe/describe-foreign-keys.js';
import { type GeneratedValue } from '../../describe/entity-description.js';
import { columnsOf, referencedColumn } from '../schema/column-resolver.js';
import { type EntityState } from '../state/entity-state.js';
import {
  isColumn,
  isJunction,
  isReference,
  type ColumnType,
  type FieldState,
  type JunctionFieldState,
} from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';

/** A column of a historical entity, and the name that it has in rows. */
export interface HistoricalColumn {
  /** The field's path; `up.left` for one of several columns of a reference. */
  readonly path: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly primary: boolean;
  readonly generated: GeneratedValue;
}

/**
 * The columns of an entity, key first in its order. A column with two paths stands there twice; a foreign key that is no
 * relation has none of its own.
 */
export function columnsOfEntity(state: ProjectState, entity: EntityState): readonly HistoricalColumn[] {
  return Object.entries(entity.fields).flatMap(([path, field]) =>
    partsOfForeignKeyPath(path) ? [] : columnsOfField(state, entity, path, field),
  );
}

function columnsOfField(
  state: ProjectState,
  entity: EntityState,
  path: string,
  field: FieldState,
): readonly HistoricalColumn[] {
  if (isJunction(field)) return [];
  const columns = columnsOf(state, entity, path);
  const references = isReference(field) && columns.length > 1 ? Object.values(field.columns) : undefined;
  return columns.map(({ name, type }, index) => ({
    path: references ? `${path}.${references[index]}` : path,
    name,
    type,
    primary: field.primary === true,
    generated: isColumn(field) ? (field.generated ?? false) : false,
  }));
}

/** The columns of a table of pairs: all of them are its key. */
export function columnsOfPairs(
  state: ProjectState,
  entity: EntityState,
  { target, from, to }: JunctionFieldState,
): readonly HistoricalColumn[] {
  const side = (owner: EntityState, columns: Readonly<Record<string, string>>) =>
    Object.entries(columns).map(([name, path]): HistoricalColumn => {
      const { type } = referencedColumn(state, owner, path);
      return { path: name, name, type, primary: true, generated: false };
    });
  return [...side(entity, from), ...side(state.get(target), to)];
}
