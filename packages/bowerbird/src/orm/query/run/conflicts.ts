import { didYouMean } from '#core';

import { type EntityDescription } from '../../describe/entity-description.js';
import { refuseComputed } from '../model/computed-columns.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { resolvePath } from '../model/resolve-path.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { type ConflictColumns } from '../sql/write-dialect.js';

/** Changes the row that is in the way. */
export interface ConflictUpdate {
  /** Paths that are set to the values of the new row. */
  readonly update: readonly string[];
  /** The unique set that decides which row is in the way. */
  readonly unique: readonly string[];
}

/** What becomes of a new row when another one has the same values in a unique set. */
export type ConflictRule = 'ignore' | ConflictUpdate;

/** A set of columns whose values are unique together. */
export interface UniqueSet {
  readonly columns: readonly ColumnModel[];
  /** Condition of a partial index. */
  readonly where: string | undefined;
}

/** The columns of a rule. @throws UnknownPathError, UnfitPathError, QueryUsageError when the set is not unique */
export function conflictColumns(model: EntityModel, { update, unique }: ConflictUpdate): ConflictColumns {
  const wanted = update.flatMap((path) => writtenColumns(model, path));
  const key = unique.flatMap((path) => ownColumns(model, path));
  if (wanted.length === 0)
    throw new QueryUsageError('onConflict needs fields to update', { hint: "Or write onConflict: 'ignore'" });
  const sets = uniqueSets(model);
  const found = sets.find(({ columns }) => isSame(columns, key));
  if (!found) throw notUnique(model, unique, sets);
  return {
    unique: found.columns,
    where: found.where,
    update: wanted,
    automatic: movedColumns(model).filter(({ column }) => !wanted.includes(column)),
    others: sets.length > 1,
  };
}

/** The date of the change and the version, which move with every update. */
export function movedColumns(model: EntityModel): ConflictColumns['automatic'] {
  const { updateDateColumn, versionColumn } = model.metadata;
  return [
    ...(updateDateColumn ? [{ column: model.column(updateDateColumn), version: false }] : []),
    ...(versionColumn ? [{ column: model.column(versionColumn), version: true }] : []),
  ];
}

/** The columns of the entity's own rows at a path. @throws UnknownPathError, UnfitPathError */
export function ownColumns(model: EntityModel, path: string): readonly ColumnModel[] {
  const { hops, columns } = resolvePath(model, path);
  if (hops.length === 0) return columns;
  throw new UnfitPathError(
    model.name,
    path,
    'is not a column of its own rows',
    'Name fields and relations of the entity',
  );
}

/** The same of a path whose values are set. @throws UnknownPathError, UnfitPathError */
export function writtenColumns(model: EntityModel, path: string): readonly ColumnModel[] {
  const columns = ownColumns(model, path);
  refuseComputed(model, path, columns);
  return columns;
}

/** The sets of columns that are unique together, the key first. */
export function uniqueSets(model: EntityModel): readonly UniqueSet[] {
  const { primaryColumns, uniques, indices } = model.metadata;
  const columns = (list: typeof primaryColumns): ColumnModel[] => list.map((column) => model.column(column));
  return [
    { columns: columns(primaryColumns), where: undefined },
    ...uniques.map((set) => ({ columns: columns(set.columns), where: undefined })),
    ...indices.filter(({ isUnique }) => isUnique).map((set) => ({ columns: columns(set.columns), where: set.where })),
  ];
}

function isSame(left: readonly ColumnModel[], right: readonly ColumnModel[]): boolean {
  return left.length === right.length && left.every((column) => right.includes(column));
}

function notUnique({ name }: EntityModel, given: readonly string[], sets: readonly UniqueSet[]): QueryUsageError {
  const names = sets.map(({ columns }) => columns.map(({ path }) => path).join(', '));
  return new QueryUsageError(
    `"${given.join(', ')}" of ${name} is not unique. ${didYouMean(given.join(', '), names)}`.trim(),
    {
      hint: `Unique are: ${names.join(' · ')}`,
    },
  );
}

/** The relations of an entity whose links are stored in other tables. */
export function foreignRelations({ relations }: EntityDescription): readonly string[] {
  return relations.filter(({ columns }) => columns.length === 0).map(({ path }) => path);
}
