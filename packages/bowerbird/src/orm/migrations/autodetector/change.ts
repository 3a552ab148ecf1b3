import { type Operation } from '../operations/operation.js';
import { type EntityState } from '../state/entity-state.js';
import { isColumn } from '../state/field-state.js';

/** The order in which operations of one app follow each other, unless a requirement says otherwise. */
export const Rank = {
  CreateSchema: -1,
  RemoveCheck: 0,
  Rename: 1,
  RemovePart: 2,
  RemoveRelation: 3,
  DropEntity: 4,
  AlterEntity: 5,
  CreateEntity: 6,
  RemoveField: 7,
  ChangeKey: 8,
  AlterField: 8,
  AddField: 9,
  AddPart: 10,
} as const;

/** One operation that brings the recorded state nearer to the entities. */
export interface Change {
  readonly app: string;
  readonly operation: Operation;
  readonly rank: number;
  /** What others may wait for: `entity:shop.Product`, `gone:shop.Old`, `field:shop.Product.sku`, … */
  readonly provides: readonly string[];
  /** What must have happened before, where it happens in the same run. */
  readonly requires: readonly string[];
  /** Entities of other apps that must exist; the migration depends on their apps. */
  readonly refersTo: readonly string[];
}

export const created = (key: string): string => `entity:${key}`;
export const gone = (key: string): string => `gone:${key}`;
/** A table, by its whole name, is where it was no longer. */
export const freed = (table: string): string => `freed:${table}`;
export const fieldAdded = (key: string, path: string): string => `field:${key}.${path}`;
export const fieldGone = (key: string, path: string): string => `gone:${key}.${path}`;

/** The entities to which these fields of an entity refer. */
export function targetKeys(fields: EntityState['fields']): readonly string[] {
  return Object.values(fields).flatMap((field) => (isColumn(field) ? [] : [field.target]));
}
