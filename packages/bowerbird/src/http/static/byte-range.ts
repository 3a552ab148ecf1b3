/** A part of a file, both ends included. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part that a `Range` header asks for (RFC 9110, section 14): undefined where the whole file is the answer (no
 * header, another unit, several ranges), `unsatisfiable` where it lies outside of the file.
 */
export function parseRange(header: string | undefined, size: number): FileRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return range.start >= size || range.start > range.end ? 'unsatisfiable' : range;
}
