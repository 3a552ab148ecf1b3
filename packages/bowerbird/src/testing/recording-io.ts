import { CommandError, CommandIo, type AskOptions } from '#core';

/** A command's conversation in a test: records what is printed and answers from a list. */
export class RecordingIo extends CommandIo {
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly questions: string[] = [];
  private readonly answers: string[];

  /** With no answers nobody is there to answer, as in a pipeline. */
  constructor(answers: readonly string[] = []) {
    super();
    this.answers = [...answers];
  }

  get interactive(): boolean {
    return this.answers.length > 0;
  }

  out(line: string): void {
    this.output.push(line);
  }

  err(line: string): void {
    this.errors.push(line);
  }

  async ask(question: string, options: AskOptions = {}): Promise<string> {
    this.questions.push(question);
    const answer = this.answers.shift();
    if (answer === undefined) throw new CommandError(`Nobody can answer "${question}"`);
    return answer === '' ? (options.fallback ?? '') : answer;
  }

  progress(label: string, done: number, total: number): void {
    if (done >= total) this.output.push(`${label} ${done}/${total}`);
  }
}
