/**
 * A problem document (RFC 9457) with the framework's two extensions: a stable `code`, and `errors` by field path.
 * The empty path (`''`) holds errors that concern the whole input.
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly code?: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

/** The media type of {@link Problem} (RFC 9457, section 3). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
