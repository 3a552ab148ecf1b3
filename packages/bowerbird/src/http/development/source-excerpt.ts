import { readFileSync, statSync } from 'node:fs';

/** Some lines of a file around one of them. */
export interface SourceExcerpt {
  /** Number of the first line, from 1. */
  readonly start: number;
  readonly lines: readonly string[];
  /** Number of the line that matters. */
  readonly focus: number;
}

const LARGEST = 2 * 1024 * 1024;

/** The lines around a line of a file, or undefined when the file cannot be read. */
export function readExcerpt(file: string, line: number, around = 7): SourceExcerpt | undefined {
  try {
    if (statSync(file).size > LARGEST) return undefined;
    const lines = readFileSync(file, 'utf8').split(/\r?\n/);
    if (line < 1 || line > lines.length) return undefined;
    const start = Math.max(1, line - around);
    return { start, focus: line, lines: lines.slice(start - 1, line + around) };
  } catch {
    return undefined;
  }
}
