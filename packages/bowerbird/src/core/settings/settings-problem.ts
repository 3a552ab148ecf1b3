/** One setting that is wrong. */
export interface SettingsProblem {
  readonly id: string;
  /** `settings.sessions.maxAge`, or the name of an environment variable. */
  readonly path: string;
  readonly got: unknown;
  readonly expected: string;
  readonly hint: string;
  /** What is wrong, where "expected …, got …" does not say it. */
  readonly message?: string;
}
