/** How grave a finding is: errors stop the boot, warnings are printed. */
export type FindingLevel = 'error' | 'warning';

/** One thing that a check found. */
export interface Finding {
  /** `area.E001` for errors, `area.W001` for warnings; never reused, documented in `docs/ref/checks.md`. */
  readonly id: string;
  readonly level: FindingLevel;
  /** Names the thing and the value. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Where: a setting's path, `Class.property`, a route or a file. */
  readonly at?: string;
}

/** What a finding may say beside its message. */
export interface FindingDetails {
  readonly hint?: string;
  readonly at?: string;
}

/** A finding that stops the boot. */
export function error(id: string, message: string, details: FindingDetails = {}): Finding {
  return { id, level: 'error', message, ...details };
}

/** A finding that is printed and lets the boot go on. */
export function warning(id: string, message: string, details: FindingDetails = {}): Finding {
  return { id, level: 'warning', message, ...details };
}

/** What a check method returns: a generator of findings, awaited where it needs the database. */
export type Findings = Iterable<Finding> | AsyncIterable<Finding>;
