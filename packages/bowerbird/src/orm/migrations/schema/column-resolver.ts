import { MigrationStateError } from '../migrations.errors.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn, isReference, type ColumnFieldState, type ColumnType } from '../state/field-state.js';
import { fieldOf, type ProjectState } from '../state/project-state.js';

/** A column as others refer to it. */
export interface ResolvedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** The columns behind a path of an entity: one for a plain field, all key columns for a reference. */
export function columnsOf(state: ProjectState, entity: EntityState, path: string): readonly ResolvedColumn[] {
  const field = fieldOf(entity, path);
  if (isColumn(field)) return [{ name: field.column ?? path, type: columnType(field) }];
  if (!isReference(field)) {
    throw new MigrationStateError(
      `${entityKey(entity)}.${path} is a many-to-many relation and has no column of its own`,
    );
  }
  const target = state.get(field.target);
  return Object.entries(field.columns).map(([name, reference]) => ({
    name,
    type: referencedColumn(state, target, reference).type,
  }));
}

/** The names of the columns behind several paths. */
export function columnNames(state: ProjectState, entity: EntityState, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => columnsOf(state, entity, path).map(({ name }) => name));
}

/** The one column to which a foreign key refers: by path, or by its name where the path stands for several. */
export function referencedColumn(state: ProjectState, target: EntityState, reference: string): ResolvedColumn {
  if (target.fields[reference]) {
    const columns = columnsOf(state, target, reference);
    if (columns.length === 1) return columns[0]!;
  }
  for (const [path, field] of Object.entries(target.fields)) {
    if (!isReference(field)) continue;
    const column = columnsOf(state, target, path).find(({ name }) => name === reference);
    if (column) return column;
  }
  throw new MigrationStateError(`${entityKey(target)} has no single column for "${reference}"`);
}

function columnType({ kind, length, precision, scale, values, native, types }: ColumnFieldState): ColumnType {
  return {
    kind,
    ...(length !== undefined && { length }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(values !== undefined && { values }),
    ...(native !== undefined && { native }),
    ...(types !== undefined && { types }),
  };
}
