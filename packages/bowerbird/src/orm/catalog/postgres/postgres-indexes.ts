import { type CatalogIndex, type CatalogIndexPart } from '../catalog.js';

/** A row of the query for indexes. */
export interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly definition: string;
  readonly condition: string | null;
  /** Whether it carries columns that it does not order by. */
  readonly covering: boolean;
  readonly parts: readonly {
    readonly column: string | null;
    readonly text: string;
    /** Bit 1: descending; bit 2: nulls first. */
    readonly options: number;
    readonly operators: string | null;
  }[];
}

/** One index that no constraint owns. */
export function postgresIndex(row: IndexRow): CatalogIndex {
  const { name, unique, method, definition, condition, covering } = row;
  const parts = row.parts.map(partOf);
  const usual = row.parts.every(
    ({ column, options, operators }) => column !== null && operators === null && options === 0,
  );
  return {
    name,
    unique,
    parts,
    ...(condition !== null && { where: condition }),
    method,
    definition,
    plain: usual && method === 'btree' && !covering,
  };
}

function partOf({ column, text, options, operators }: IndexRow['parts'][number]): CatalogIndexPart {
  return {
    ...(column === null ? { expression: text } : { column }),
    ...((options & 1) === 1 && { descending: true }),
    ...(operators !== null && { operators }),
  };
}
