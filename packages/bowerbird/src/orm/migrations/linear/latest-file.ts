import { readFile } from 'node:fs/promises';

/** The file beside the migrations of an app that names the newest of them. */
export const LATEST_FILE = 'latest.txt';

/** One of two names that a merge left for somebody to choose from, and where it comes from: `HEAD`, a branch. */
export interface ConflictSide {
  readonly name: string;
  readonly label: string;
}

/** What the file says. `unclear` is anything that is neither one name nor a conflict of two. */
export type LatestNote =
  | { readonly kind: 'missing' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'conflict'; readonly sides: readonly [ConflictSide, ConflictSide] }
  | { readonly kind: 'unclear' };

const NAME = /^\d{4,}_[\w-]+$/;

/** Reads the file of a folder. */
export async function readLatest(path: string): Promise<LatestNote> {
  try {
    return parseLatest(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' };
    throw error;
  }
}

/** What a text of the file says. Conflicts are written as git and Mercurial do, with or without the common ancestor. */
export function parseLatest(text: string): LatestNote {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 1 && NAME.test(lines[0]!)) return { kind: 'named', name: lines[0]! };
  const sides = sidesOf(lines);
  return sides ? { kind: 'conflict', sides } : { kind: 'unclear' };
}

function sidesOf(lines: readonly string[]): readonly [ConflictSide, ConflictSide] | undefined {
  const [start, first] = [lines[0] ?? '', lines[1] ?? ''];
  const [second, end] = [lines.at(-2) ?? '', lines.at(-1) ?? ''];
  const marked = start.startsWith('<<<<<<<') && end.startsWith('>>>>>>>') && lines.includes('=======');
  if (!marked || !NAME.test(first) || !NAME.test(second)) return undefined;
  return [
    { name: first, label: labelOf(start) },
    { name: second, label: labelOf(end) },
  ];
}

function labelOf(line: string): string {
  return line.replace(/^[<>]+\s*/, '');
}
