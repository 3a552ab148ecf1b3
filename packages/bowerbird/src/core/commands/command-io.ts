import { text } from 'node:stream/consumers';

/** How a question is asked. */
export interface AskOptions {
  /** Do not show what is typed. */
  readonly secret?: boolean;
  /** The answer when the user types nothing. */
  readonly fallback?: string;
}

/** A command's way to talk to people; tests give one that records. */
export abstract class CommandIo {
  /** Whether somebody can answer questions. */
  abstract readonly interactive: boolean;
  /** One line to standard output. */
  abstract out(line: string): void;
  /** Text to standard output, as it is; waits until whoever reads keeps up. For long outputs. */
  async write(text: string): Promise<void> {
    this.out(text.replace(/\n$/, ''));
  }
  /** One line to standard error. */
  abstract err(line: string): void;
  /** Asks one question. @throws CommandError when nobody can answer. */
  abstract ask(question: string, options?: AskOptions): Promise<string>;
  /** All that is piped into the command, for values that must not stand in its arguments. */
  readInput(): Promise<string> {
    return text(process.stdin);
  }
  /** Shows progress on one line that is rewritten; a plain line now and then where there is no terminal. */
  abstract progress(label: string, done: number, total: number): void;
}
