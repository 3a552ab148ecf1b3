const SPECIAL = /[&<>"']/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, right for element content and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character]!) : text;
}

/** Markup that templates print as it is. The class is the only way around escaping; no plain data can be mistaken for it. */
export class SafeHtml {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  /** Length of the markup in UTF-16 units. */
  get length(): number {
    return this.#markup.length;
  }

  toString(): string {
    return this.#markup;
  }

  toJSON(): string {
    return this.#markup;
  }
}

/** Vouches for markup. Never pass anything that a visitor wrote; build such markup with {@link html}. */
export function safeHtml(markup: string): SafeHtml {
  return new SafeHtml(markup);
}

/** A value as plain text: nothing for null and undefined, ISO 8601 for dates. @throws TypeError for objects and functions */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof SafeHtml) return value.toString();
  throw new TypeError(`${typeof value === 'object' ? 'an object' : `a ${typeof value}`} has no text form`);
}

/** One value as HTML: safe markup as it is, lists joined, null and undefined as nothing, the rest escaped. */
export function toHtml(value: unknown): string {
  if (value instanceof SafeHtml) return value.toString();
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.map(toHtml).join('') : escapeHtml(textOf(value));
}

/**
 * Builds markup from a template literal and escapes every value that is not {@link SafeHtml}:
 * ``html`<a href="${url}">${name}</a>` ``.
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): SafeHtml {
  return new SafeHtml(strings.map((text, index) => text + toHtml(values[index])).join(''));
}
