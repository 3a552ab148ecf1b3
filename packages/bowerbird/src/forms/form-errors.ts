import { type FieldIssue } from './validation/field-issue.js';

/** The name under which issues of the whole form are kept. */
export const WHOLE_FORM = '';

/** What is wrong with a form: issues by field, in the order of the fields; those of the whole form under `''`. */
export class FormErrors {
  private readonly issues = new Map<string, FieldIssue[]>();

  add(field: string, ...issues: readonly FieldIssue[]): void {
    if (issues.length > 0) this.issues.set(field, [...this.get(field), ...issues]);
  }

  get(field: string): readonly FieldIssue[] {
    return this.issues.get(field) ?? [];
  }

  has(field: string): boolean {
    return this.issues.has(field);
  }

  /** Number of issues. */
  get size(): number {
    let total = 0;
    for (const list of this.issues.values()) total += list.length;
    return total;
  }

  /** The fields with issues, `''` for the whole form. */
  fields(): readonly string[] {
    return [...this.issues.keys()];
  }

  [Symbol.iterator](): IterableIterator<[field: string, issues: readonly FieldIssue[]]> {
    return this.issues.entries();
  }

  /** Messages by field: what a problem document carries as `errors`. */
  messages(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.issues].map(([field, list]) => [field, list.map(({ message }) => message)]));
  }

  /** Issues by field as plain data. */
  toJSON(): Readonly<Record<string, readonly FieldIssue[]>> {
    return Object.fromEntries(this.issues);
  }

  /** All codes in one line, for messages to developers: never what was entered. */
  summary(): string {
    const codes = [...this.issues].map(
      ([field, list]) => `${field || 'form'}: ${list.map(({ code }) => code).join(', ')}`,
    );
    return codes.join('; ') || 'no errors';
  }
}
