import { type CommandIo } from '#core';

import { Decisions } from '../autodetector/decisions.js';
import { unansweredRename } from '../autodetector/renames.js';
import { MigrationQuestionError } from '../migrations.errors.js';
import { fillValue, type GivenAnswers } from './answers.js';

/** Decides by the answers that were given, then asks where somebody can answer. */
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
    return this.saysYes(question);
  }

  async agreeToReplace(name: string, question: string): Promise<void> {
    if (this.given.replaced.includes(name) || this.given.replaced.includes('all')) return;
    if (await this.saysYes(question)) return;
    throw new MigrationQuestionError(question, {
      hint: `Agree with --replace ${name}, or write the migration by hand`,
    });
  }

  /** Agrees that branches may run in any order. @throws MigrationQuestionError when nobody does */
  async agreeToMerge(name: string, question: string): Promise<void> {
    if (this.given.anyOrder.includes(name) || this.given.anyOrder.includes('all')) return;
    if (await this.saysYes(question)) return;
    throw new MigrationQuestionError(question, {
      hint: `Yes: --any-order ${name}. No: let one follow the other, by \`dependencies\` in the one that is applied nowhere`,
    });
  }

  async fillFor(name: string, question: string): Promise<unknown> {
    if (this.given.fills.has(name)) return this.given.fills.get(name);
    const hint = `Give the value as a flag: --fill ${name}=…; or declare a default, or let the field be empty`;
    if (!this.io.interactive) throw new MigrationQuestionError(question, { hint });
    const answer = await this.io.ask(`${question} (JSON, text, or sql:…; nothing: stop)`, { fallback: '' });
    if (answer.trim() === '') throw new MigrationQuestionError(question, { hint });
    return fillValue(answer);
  }

  private async saysYes(question: string): Promise<boolean> {
    if (!this.io.interactive) return false;
    return isYes(await this.io.ask(`${question} [y/N]`, { fallback: 'n' }));
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

/** Whether somebody agreed. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
