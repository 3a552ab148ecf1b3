import { UnfitPathError } from '../query.errors.js';
import { type ColumnModel, type EntityModel } from './entity-model.js';

/** Refuses to set what the database computes. @throws UnfitPathError */
export function refuseComputed({ name }: EntityModel, path: string, columns: readonly ColumnModel[]): void {
  if (!columns.some(({ metadata }) => metadata.asExpression)) return;
  throw new UnfitPathError(name, path, 'is computed by the database', 'Set the fields that it is computed of');
}
