import { converterOf } from '../../hydrate/converters.js';
import { type ColumnModel } from '../model/entity-model.js';
import { UNSET, type InsertColumn } from './insert-columns.js';
import { UNTOLD, type Stored } from './insert-runner.js';

/** What columns have whose values may be made here: a uuid, the first version, the key that a related row has. */
const MADE_HERE = ['isVersion', 'isGenerated', 'isDiscriminator', 'transformer', 'relationMetadata'] as const;

/** A column, its place among the cells of a row, and what makes the value of the property of a cell. */
interface Place extends InsertColumn {
  readonly index: number;
  readonly hydrate: (cell: unknown) => unknown;
}

/** Puts on instances what was stored for them and is not there yet. */
export class RowFiller {
  private readonly made: readonly Place[];
  private readonly nullable: readonly Place[];
  private readonly references: readonly Place[];

  /** With `references` relations to one row that lead nowhere are null, as they are on rows that are read. */
  constructor(columns: readonly InsertColumn[], { references = true }: { readonly references?: boolean } = {}) {
    const all = columns.map((column, index) => {
      return { ...column, index, hydrate: converterOf(column.column.metadata) ?? ((cell: unknown) => cell) };
    });
    const places = all.filter(({ column }) => column.property && column.metadata.isSelect);
    this.made = places.filter(({ column: { metadata } }) => MADE_HERE.some((name) => metadata[name]));
    this.nullable = places.filter(({ column }) => column.nullable);
    this.references = references
      ? all.filter(({ column }) => column.nullable && column.metadata.relationMetadata?.isLazy === false)
      : [];
  }

  /** Fills the rows of some statements; with `all` also properties that have a value. */
  put(stored: readonly Stored[], all: boolean): void {
    for (const { rows, returned, answers } of stored)
      rows.forEach(({ row, cells }, index) => {
        if (returned && answers[index] !== UNTOLD) returned.fill(row, answers[index]!, all);
        this.fillMade(row, cells);
        this.fillNulls(row, cells);
      });
  }

  private fillMade(row: object, cells: readonly unknown[]): void {
    for (const { index, column, hydrate } of this.made)
      if (cells[index] !== UNSET && isMissing(column, row)) column.metadata.setEntityValue(row, hydrate(cells[index]));
  }

  private fillNulls(row: object, cells: readonly unknown[]): void {
    for (const { index, column, hydrate } of this.nullable)
      if (cells[index] === UNSET && isMissing(column, row)) column.metadata.setEntityValue(row, hydrate(null));
    for (const { index, column } of this.references) {
      const { relationMetadata: relation } = column.metadata;
      if (cells[index] === UNSET && relation!.getEntityValue(row) === undefined) relation!.setEntityValue(row, null);
    }
  }
}

/** Whether the property itself has no value; a column beside a relation would be read from that one. */
function isMissing({ metadata }: ColumnModel, row: object): boolean {
  const value = metadata.embeddedMetadata
    ? (metadata.getEntityValue(row) as unknown)
    : (row as Record<string, unknown>)[metadata.propertyName];
  return value === undefined || (value === null && metadata.isGenerated);
}
