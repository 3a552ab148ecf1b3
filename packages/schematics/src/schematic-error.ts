/** A generator cannot go on, for a reason that the user can mend. Nothing was written. */
export class SchematicError extends Error {
  /** @param hint what to do about it, on a line of its own. */
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(hint === undefined ? message : `${message}\n→ ${hint}`);
    this.name = 'SchematicError';
  }
}
