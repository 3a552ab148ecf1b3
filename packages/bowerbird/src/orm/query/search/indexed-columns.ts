import { type ColumnModel } from '../model/entity-model.js';
import { type FullText } from './full-text-vector.js';
import { type SearchPart } from './search-document.js';

/** A full-text index of an entity. */
export interface FullTextIndex {
  /** Names of its columns in the database, in their order. */
  readonly columns: readonly string[];
  readonly fullText: FullText;
}

/** A full-text index and its columns as the statement names them. */
export interface IndexedColumns {
  readonly index: FullTextIndex;
  readonly columns: readonly string[];
}

/** The full-text indexes that have all of the parts, which must be columns of one row; those with the fewest columns first. */
export function indexesOver(parts: readonly SearchPart[]): readonly IndexedColumns[] {
  const [first] = parts;
  const row = first && rowOf(first);
  if (row === undefined || !parts.every((part) => rowOf(part) === row && sameEntity(part, first!))) return [];
  const names = parts.map(({ column }) => column!.model.name);
  const { model } = first!.column!;
  return model.fullText
    .filter(({ columns }) => names.every((name) => columns.includes(name)))
    .map((index) => ({ index, columns: index.columns.map((name) => `${row}${model.dialect.quote(name)}`) }))
    .sort((one, other) => one.columns.length - other.columns.length);
}

/** What stands before the name of a column: `t0.`; undefined for what is no plain column of a row. */
function rowOf({ column }: SearchPart): string | undefined {
  if (!column || column.sql.texts.length !== 1) return undefined;
  const [text] = column.sql.texts as [string];
  const name = column.model.dialect.quote(column.model.name);
  const row = text.slice(0, -name.length);
  return text.endsWith(name) && /^\w+\.$/.test(row) ? row : undefined;
}

function sameEntity({ column }: SearchPart, other: SearchPart): boolean {
  return entityOf(column!.model) === entityOf(other.column!.model);
}

function entityOf({ metadata }: ColumnModel): unknown {
  return metadata.entityMetadata;
}
