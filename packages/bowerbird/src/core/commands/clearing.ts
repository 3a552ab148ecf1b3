import { CommandError } from './command.errors.js';
import { type CommandInput, type OptionSpec } from './command.js';

const DEFAULT_ROWS = 1_000;

/** More would lock the table for long, and make lists that no database takes. */
const MOST_ROWS = 10_000;

/** `--batch`: how many rows one statement of {@link clearInBatches} removes. */
export const BATCH_OPTION: OptionSpec = {
  flags: '--batch <rows>',
  description: `Rows per statement, at most ${MOST_ROWS}`,
  default: String(DEFAULT_ROWS),
};

/**
 * Removes rows in batches of the size that the command was given, so that no statement locks the table for long.
 * Another run may take a part of a batch: only an empty one is the last.
 * @param clear removes as many rows as it is told at most, and returns their number
 * @returns how many rows were removed
 * @throws CommandError where `--batch` is no number of rows
 */
export async function clearInBatches(
  { options }: CommandInput,
  clear: (rows: number) => Promise<number>,
): Promise<number> {
  const rows = batchOf(options.batch);
  let total = 0;
  for (let removed = await clear(rows); removed > 0; removed = await clear(rows)) total += removed;
  return total;
}

function batchOf(given: unknown): number {
  const rows = Number(given ?? DEFAULT_ROWS);
  if (Number.isInteger(rows) && rows >= 1 && rows <= MOST_ROWS) return rows;
  throw new CommandError(`--batch must be a whole number from 1 to ${MOST_ROWS}`);
}
