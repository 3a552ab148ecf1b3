/** Where in a file of the project an error lies, when that is no line of its stack: a template, a migration, a fixture. */
export interface SourcePlace {
  /** Absolute path. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The lines around the place as plain text, numbered, the place marked. */
  readonly excerpt: string;
}

/** The place that an error names, or undefined. */
export function sourcePlaceOf(error: unknown): SourcePlace | undefined {
  if (!(error instanceof Error)) return undefined;
  const { file, line, column, excerpt } = error as Partial<SourcePlace> & Error;
  const whole = typeof file === 'string' && typeof line === 'number' && typeof column === 'number';
  return whole && typeof excerpt === 'string' ? { file, line, column, excerpt } : undefined;
}
