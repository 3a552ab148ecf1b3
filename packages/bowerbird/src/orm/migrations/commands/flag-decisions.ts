import { type CommandIo } from '#core';

import { Decisions } from '../autodetector/decisions.js';
import { unansweredRename } from '../autodetector/renames.js';
import { MigrationQuestionError } from '../migrations.errors.js';
import { AnswerRecord, fillValue, type GivenAnswers } from './answers.js';

/** Decides by the answers that were given, then asks where somebody can answer. */
export class FlagDecisions extends Decisions {
  /** Every answer that was taken, wherever it came from. */
  readonly taken = new AnswerRecord();

  constructor(
    private readonly given: GivenAnswers,
    private readonly io: CommandIo,
  ) {
    super();
  }

  /** Renames that were given, and that nobody asked for. */
  get ignoredRenames(): readonly string[] {
    return this.given.renames.filter((name) => !this.taken.has('renames', name));
  }

  async isRename(name: string, question: string): Promise<boolean> {
    const said = this.given.renames.includes(name);
    if (!said && !this.isReplaced(name) && this.otherwiseRenamed(name)) return false;
    const renamed = said || (!this.isReplaced(name) && (await this.askForRename(name, question)));
    this.taken.add(renamed ? 'renames' : 'replaced', name);
    return renamed;
  }

  async agreeToReplace(name: string, question: string): Promise<void> {
    if (!this.isReplaced(name) && !(await this.saysYes(question))) {
      throw new MigrationQuestionError(question, {
        hint: `Agree with --replace ${name}, or write the migration by hand`,
      });
    }
    this.taken.add('replaced', name);
  }

  /** Agrees that branches may run in any order. @throws MigrationQuestionError when nobody does */
  async agreeToMerge(name: string, question: string): Promise<void> {
    const { anyOrder } = this.given;
    if (!anyOrder.includes(name) && !anyOrder.includes('all') && !(await this.saysYes(question))) {
      throw new MigrationQuestionError(question, {
        hint: `Yes: --any-order ${name}. No: let one follow the other, by \`dependencies\` in the one that is applied nowhere`,
      });
    }
    this.taken.add('anyOrder', name);
  }

  async fillFor(name: string, question: string): Promise<unknown> {
    const { fills } = this.given;
    const value = fills.has(name) ? fills.get(name) : await this.askForFill(name, question);
    this.taken.fill(name, value);
    return value;
  }

  private async askForRename(name: string, question: string): Promise<boolean> {
    if (!this.io.interactive) throw unansweredRename(name, question);
    return this.saysYes(question);
  }

  private async askForFill(name: string, question: string): Promise<unknown> {
    const hint = `Give the value as a flag: --fill ${name}=…; or declare a default, or let the field be empty`;
    if (!this.io.interactive) throw new MigrationQuestionError(question, { hint });
    const answer = await this.io.ask(`${question} (JSON, text, or sql:…; nothing: stop)`, { fallback: '' });
    if (answer.trim() === '') throw new MigrationQuestionError(question, { hint });
    return fillValue(answer);
  }

  private isReplaced(name: string): boolean {
    return this.given.replaced.includes(name) || this.given.replaced.includes('all');
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
