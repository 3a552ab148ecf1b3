import { type CommandIo } from '#core';

import { Decisions } from '../autodetector/decisions.js';
import { unansweredRename } from '../autodetector/renames.js';
import { MigrationQuestionError } from '../migrations.errors.js';

/** Answers that were given as flags. */
export interface GivenAnswers {
  /** `shop.Product.title:name`, `shop.Item:Product`. */
  readonly renames: readonly string[];
  /** The same for what is removed and added; `all` for every one. */
  readonly replaced: readonly string[];
  /** `shop.Product.sku=…`: JSON, text, or SQL after `sql:`. */
  readonly fills: readonly string[];
}

/** Decides by flags, then asks where somebody can answer. */
export class FlagDecisions extends Decisions {
  constructor(
    private readonly given: GivenAnswers,
    private readonly io: CommandIo,
  ) {
    super();
  }

  async isRename(name: string, question: string): Promise<boolean> {
    const { renames, replaced } = this.given;
    if (renames.includes(name)) return true;
    if (replaced.includes(name) || replaced.includes('all') || this.otherwiseRenamed(name)) return false;
    if (!this.io.interactive) throw unansweredRename(name, question);
    const answer = await this.io.ask(`${question} [y/N]`, { fallback: 'n' });
    return /^y(es)?$/i.test(answer.trim());
  }

  async agreeToReplace(name: string, question: string): Promise<void> {
    if (this.given.replaced.includes(name) || this.given.replaced.includes('all')) return;
    const answer = this.io.interactive ? await this.io.ask(`${question} [y/N]`, { fallback: 'n' }) : 'n';
    if (/^y(es)?$/i.test(answer.trim())) return;
    throw new MigrationQuestionError(question, {
      hint: `Agree with --replace ${name}, or write the migration by hand`,
    });
  }

  async fillFor(name: string, question: string): Promise<unknown> {
    const given = this.given.fills.find((fill) => fill.startsWith(`${name}=`));
    if (given !== undefined) return fillValue(given.slice(name.length + 1));
    const hint = `Give the value as a flag: --fill ${name}=…; or declare a default, or let the field be empty`;
    if (!this.io.interactive) throw new MigrationQuestionError(question, { hint });
    const answer = await this.io.ask(`${question} (JSON, text, or sql:…; nothing: stop)`, { fallback: '' });
    if (answer.trim() === '') throw new MigrationQuestionError(question, { hint });
    return fillValue(answer);
  }

  /** What a flag renames to or from something else is not what this question is about. */
  private otherwiseRenamed(name: string): boolean {
    const [from, to] = name.split(':') as [string, string];
    const owner = from.split('.').slice(0, -1).join('.');
    return this.given.renames.some((rename) => {
      const [otherFrom, otherTo] = rename.split(':') as [string, string];
      const sameOwner = otherFrom.split('.').slice(0, -1).join('.') === owner;
      return otherFrom === from || (sameOwner && otherTo === to);
    });
  }
}

/** `sql:NOW()` is an expression; what reads as JSON is that value; anything else is text. */
export function fillValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith('sql:')) return { sql: trimmed.slice(4).trim() };
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}
