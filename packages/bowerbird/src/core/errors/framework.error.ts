/** What a {@link FrameworkError} may carry beside its message. */
export interface FrameworkErrorOptions {
  /** What the reader should do about it; one sentence. */
  readonly hint?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * Base of every error that the framework raises on purpose. The message names the thing and the value and is written
 * for developers; visitors see a translated page or problem document chosen by `status`.
 * Every `code` has an entry in `docs/ref/errors.md`.
 */
export abstract class FrameworkError extends Error {
  /** Stable identifier, `area.slug`. */
  abstract readonly code: string;
  /** HTTP status when the error reaches a visitor. */
  readonly status: number = 500;
  readonly hint?: string;

  constructor(message: string, options: FrameworkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}
