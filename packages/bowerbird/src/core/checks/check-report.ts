import { type Finding } from './finding.js';

/** A check id that the project has decided to live with, and why. */
export interface SilencedCheck {
  readonly id: string;
  readonly reason: string;
}

/** All findings of one run, errors first, without those that are silenced. */
export class CheckReport {
  readonly findings: readonly Finding[];
  readonly silenced: number;

  constructor(all: readonly Finding[], silenced: readonly SilencedCheck[] = []) {
    const ids = new Set(silenced.map(({ id }) => id));
    const kept = all.filter(({ id }) => !ids.has(id));
    this.findings = [
      ...kept.filter(({ level }) => level === 'error'),
      ...kept.filter(({ level }) => level === 'warning'),
    ];
    this.silenced = all.length - kept.length;
  }

  get errors(): readonly Finding[] {
    return this.findings.filter(({ level }) => level === 'error');
  }

  get warnings(): readonly Finding[] {
    return this.findings.filter(({ level }) => level === 'warning');
  }

  get failed(): boolean {
    return this.errors.length > 0;
  }

  /** The findings as plain data, for `check --json`. */
  toJSON(): {
    readonly errors: number;
    readonly warnings: number;
    readonly silenced: number;
    readonly findings: readonly Finding[];
  } {
    return {
      errors: this.errors.length,
      warnings: this.warnings.length,
      silenced: this.silenced,
      findings: this.findings,
    };
  }

  /** The findings for a terminal: one paragraph each, then a summary line. */
  toText(): string {
    const paragraphs = this.findings.map(describeFinding);
    return [...paragraphs, this.summary()].join('\n\n');
  }

  private summary(): string {
    const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
    const silenced = this.silenced > 0 ? ` (${this.silenced} silenced)` : '';
    if (this.findings.length === 0) return `No problems found${silenced}.`;
    return `${count(this.errors.length, 'error')}, ${count(this.warnings.length, 'warning')}${silenced}.`;
  }
}

function describeFinding({ id, level, message, hint, at }: Finding): string {
  const lines = [`${level === 'error' ? 'ERROR' : 'WARNING'} ${id}${at ? `  ${at}` : ''}`, `  ${message}`];
  if (hint) lines.push(`  → ${hint}`);
  return lines.join('\n');
}
