/** What a template makes: markup in which values are escaped, or plain text in which they are not. */
export type TemplateKind = 'html' | 'text';

/** Names that end with `.txt` are of plain text. */
export function templateKind(name: string): TemplateKind {
  return name.endsWith('.txt') ? 'text' : 'html';
}

/** The text of one template and where it comes from. */
export class TemplateSource {
  constructor(
    /** Full name: `admin/list`. */
    readonly name: string,
    /** Absolute path. */
    readonly file: string,
    readonly text: string,
  ) {}

  get kind(): TemplateKind {
    return templateKind(this.name);
  }

  /** The lines around a place, numbered, with a mark under the column. */
  excerpt(at: { readonly line: number; readonly column: number }, around = 3): string {
    const lines = this.text.split('\n');
    const first = Math.max(1, at.line - around);
    const last = Math.min(lines.length, at.line + around);
    const width = String(last).length;
    const shown: string[] = [];
    for (let number = first; number <= last; number += 1) {
      shown.push(`${number === at.line ? '>' : ' '} ${String(number).padStart(width)} | ${lines[number - 1]}`);
      if (number === at.line) shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, at.column - 1))}^`);
    }
    return shown.join('\n');
  }
}
