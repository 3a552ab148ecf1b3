import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { median, message } from '../measure.js';
import { type FilledShelf } from './bench-database.js';

/** Something to measure; its first contender is what the others are compared with. */
export interface Contest {
  readonly what: string;
  /** The largest ratio of the second contender to the first that is wanted. */
  readonly aim?: number;
  /** What is done before each run, outside of the clock. Every run is then a sample of its own. */
  readonly before?: () => Promise<unknown>;
  /** Samples of each contender; 31. */
  readonly rounds?: number;
  readonly contenders: Readonly<Record<string, () => unknown>>;
}

/** Samples of each contender, taken in turns. */
const ROUNDS = 31;

/**
 * The median milliseconds of one run of each contender. Each has a process of its own: in one process the garbage of
 * one is collected in the time of another, and the compiler sees all of them at the same places of the drivers.
 */
export async function compare(
  { dialect, url }: FilledShelf,
  { contenders, what, rounds = ROUNDS }: Contest,
): Promise<Readonly<Record<string, number>>> {
  const names = Object.keys(contenders);
  const started = new Map<string, ChildProcess>();
  try {
    for (const name of names) started.set(name, await start(dialect, url, what, name));
    const samples = new Map(names.map((name) => [name, [] as number[]]));
    for (let round = 0; round < rounds; round += 1)
      for (const name of names) samples.get(name)!.push(await sample(started.get(name)!));
    return Object.fromEntries(names.map((name) => [name, median(samples.get(name)!)]));
  } finally {
    for (const child of started.values()) child.kill('SIGKILL');
  }
}

/** Answers when the contender is warm. */
async function start(...args: readonly string[]): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./contestant.js', import.meta.url)), args);
  await message(child);
  return child;
}

async function sample(child: ChildProcess): Promise<number> {
  child.send('sample');
  return message<number>(child);
}
