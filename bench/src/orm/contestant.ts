// One contender in a process of its own: warms up, then answers each message with the milliseconds of one run.
import { type Dialect } from 'bowerbird/orm';

import { openShelf } from './bench-database.js';
import { readingContests } from './reading.js';
import { writingContests } from './writing.js';

/** How long one sample takes at least, in milliseconds. */
const SAMPLE = 12;
/** Runs before anything is measured, so that the compiler has done its work. */
const WARM_UP = 150;
/** The same where every run is prepared. */
const PREPARED_WARM_UP = 3;

const [dialect, url, what, name] = process.argv.slice(2) as [Dialect, string, string, string];
const shelf = await openShelf(dialect, url);
const contest = [...readingContests(shelf), ...writingContests(shelf)].find((one) => one.what === what)!;
const { before } = contest;
const work = contest.contenders[name]!;
const runs = await warmUp();

process.on('message', () => void answer());
process.send!('ready');

async function answer(): Promise<void> {
  await before?.();
  process.send!(await timed(runs));
}

/** How many runs make a sample. */
async function warmUp(): Promise<number> {
  if (before) {
    for (let run = 0; run < PREPARED_WARM_UP; run += 1) {
      await before();
      await work();
    }
    return 1;
  }
  const first = Math.max(await timed(5), 0.001);
  const warm = await timed(Math.min(WARM_UP, Math.ceil(1_500 / first)));
  return Math.max(1, Math.ceil(SAMPLE / warm));
}

/** Milliseconds of one of some runs. */
async function timed(times: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < times; index += 1) await work();
  return (performance.now() - start) / times;
}
