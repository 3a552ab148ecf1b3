import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { CommandError, CommandIo, type AskOptions } from '#core';

/** A stream of the process that may be a terminal. */
export interface TerminalStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly error: NodeJS.WriteStream;
}

/** Talks to whoever started the process. */
export class TerminalIo extends CommandIo {
  private lastTenth = -1;

  constructor(private readonly streams: TerminalStreams) {
    super();
  }

  get interactive(): boolean {
    return this.streams.input.isTTY && this.streams.output.isTTY;
  }

  out(line: string): void {
    this.streams.output.write(`${line}\n`);
  }

  override async write(text: string): Promise<void> {
    const { output } = this.streams;
    await new Promise<void>((resolve, reject) => {
      const closed = (cause: unknown): void => reject(new CommandError('Nobody reads the output any more', { cause }));
      output.once('error', closed);
      output.write(text, (error) => {
        if (error) return closed(error);
        output.off('error', closed);
        resolve();
      });
    });
  }

  err(line: string): void {
    this.streams.error.write(`${line}\n`);
  }

  async ask(question: string, options: AskOptions = {}): Promise<string> {
    if (!this.interactive)
      throw new CommandError(`Nobody can answer "${question}"`, { hint: 'Give the value by an option; see --help' });
    const suffix = options.fallback === undefined ? '' : ` [${options.fallback}]`;
    this.streams.output.write(`${question}${suffix}: `);
    const reader = createInterface({
      input: this.streams.input,
      output: options.secret ? silence() : this.streams.output,
      terminal: true,
    });
    try {
      const answer = await answerOf(reader, question);
      return answer === '' ? (options.fallback ?? '') : answer;
    } finally {
      reader.close();
      if (options.secret) this.streams.output.write('\n');
    }
  }

  progress(label: string, done: number, total: number): void {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    if (this.streams.output.isTTY) this.drawBar(label, share, done, total);
    else this.printTenth(label, share, done, total);
  }

  private drawBar(label: string, share: number, done: number, total: number): void {
    const width = 30;
    const full = Math.round(share * width);
    const bar = `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
    const count = `${done.toLocaleString('en')} / ${total.toLocaleString('en')}`;
    this.streams.output.write(
      `\r${label} ${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${count}${share === 1 ? '\n' : ''}`,
    );
  }

  private printTenth(label: string, share: number, done: number, total: number): void {
    const tenth = Math.floor(share * 10);
    if (tenth === this.lastTenth) return;
    this.lastTenth = tenth === 10 ? -1 : tenth;
    this.out(`${label} ${tenth * 10} % (${done.toLocaleString('en')} of ${total.toLocaleString('en')})`);
  }
}

/** One line. A terminal that goes away would otherwise leave the command waiting for ever. @throws CommandError */
async function answerOf(reader: Interface, question: string): Promise<string> {
  const left = new Promise<never>((_, reject) => reader.once('close', () => reject(new Error('nobody is there'))));
  try {
    return await Promise.race([reader.question(''), left]);
  } catch (cause) {
    throw new CommandError(`"${question}" was left without an answer`, { cause });
  }
}

/** An output for a reader whose echo must not be seen. */
function silence(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
