import { PassThrough } from 'node:stream';

import { afterEach, describe, expect, it } from 'vitest';

import { CommandError } from '#core';

import { TerminalIo } from './terminal-io.js';

/** What a person at a terminal does and sees. */
class FakeTerminal {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => this.mode(on) });
  readonly output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  readonly error = new PassThrough();
  /** Whether the terminal itself leaves the echo to the program, after each change. */
  readonly raw: boolean[] = [];
  shown = '';

  constructor() {
    for (const stream of [this.output, this.error]) stream.on('data', (data: Buffer) => (this.shown += String(data)));
  }

  io(): TerminalIo {
    return new TerminalIo(this as unknown as ConstructorParameters<typeof TerminalIo>[0]);
  }

  /** Presses keys one after another. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      this.input.write(key);
      await new Promise(setImmediate);
    }
  }

  private mode(on: boolean): unknown {
    this.raw.push(on);
    return this.input;
  }
}

const PASSWORD = 'hunter2-ünïcode';
let terminal: FakeTerminal;
const start = (): TerminalIo => {
  terminal = new FakeTerminal();
  return terminal.io();
};

afterEach(() => {
  for (const stream of [terminal.input, terminal.output, terminal.error]) stream.destroy();
});

describe('a secret question at a terminal', () => {
  it('gives what was typed and shows nothing of it', async () => {
    const answer = start().ask('Password', { secret: true });
    await terminal.type(`${PASSWORD}\r`);
    expect(await answer).toBe(PASSWORD);
    expect(terminal.shown).toBe('Password: \n');
  });

  it('keeps the terminal from showing it, only while it is asked', async () => {
    const answer = start().ask('Password', { secret: true });
    expect(terminal.raw).toEqual([true]);
    await terminal.type(`${PASSWORD}\r`);
    await answer;
    expect(terminal.raw).toEqual([true, false]);
  });

  it('shows nothing of what is corrected, moved through, pasted or completed', async () => {
    const answer = start().ask('Password', { secret: true });
    await terminal.type('xx');
    await terminal.type('\u007f\u007f');
    terminal.input.write('hunter2');
    await terminal.type('\u001b[D\u001b[C\t\u001b[A');
    await terminal.type('\r');
    expect((await answer).replace('\t', '')).toBe('hunter2');
    expect(terminal.shown).toBe('Password: \n');
  });

  it('does not come back in the next question, which is not secret', async () => {
    const io = start();
    const secret = io.ask('Password', { secret: true });
    await terminal.type(`${PASSWORD}\r`);
    await secret;
    const open = io.ask('Name');
    await terminal.type('\u001b[A');
    await terminal.type('Ada\r');
    expect(await open).toBe('Ada');
    expect(terminal.shown).not.toContain(PASSWORD);
    expect(terminal.shown).toContain('Ada');
  });

  it.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('ends with an error when it is left with %s', async (_, key) => {
    const answer = start().ask('Password', { secret: true });
    const left = answer.then(
      () => expect.fail('was answered'),
      (error: unknown) => error,
    );
    await terminal.type(key);
    expect(await left).toBeInstanceOf(CommandError);
    expect(terminal.raw.at(-1)).toBe(false);
  });
});

describe('a question', () => {
  it('ends with an error when the terminal goes away', async () => {
    const answer = start().ask('Name');
    terminal.input.end();
    await expect(answer).rejects.toThrow('"Name" was left without an answer');
  });

  it('takes the fallback when nothing is typed', async () => {
    const answer = start().ask('Name', { fallback: 'Ada' });
    await terminal.type('\r');
    expect(await answer).toBe('Ada');
    expect(terminal.shown).toContain('Name [Ada]: ');
  });

  it('is not asked where nobody can answer', async () => {
    const io = start();
    terminal.input.isTTY = false;
    await expect(io.ask('Password', { secret: true })).rejects.toThrow('Nobody can answer "Password"');
    expect(terminal.shown).toBe('');
  });
});

describe('a long output', () => {
  it('waits for its reader, and ends when nobody reads any more', async () => {
    const io = start();
    await io.write('a\nb');
    expect(terminal.shown).toBe('a\nb');
    terminal.output.destroy();
    await expect(io.write('c')).rejects.toThrow(CommandError);
  });
});
