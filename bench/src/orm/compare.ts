import { median } from '../measure.js';

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

/** How long one sample takes at least, in milliseconds. */
const SAMPLE = 12;
/** Samples of each contender, taken in turns. */
const ROUNDS = 31;
/** Runs of each before anything is measured, so that the compiler has done its work. */
const WARM_UP = 150;

/** The same for contenders that are prepared each time, in rounds. */
const PREPARED_WARM_UP = 3;

/** The median milliseconds of one run of each contender. */
export async function compare({
  contenders,
  before,
  rounds = ROUNDS,
}: Contest): Promise<Readonly<Record<string, number>>> {
  const names = Object.keys(contenders);
  const runs = new Map<string, number>();
  for (const name of names) runs.set(name, before ? 1 : await runsPerSample(contenders[name]!));
  const samples = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = before ? -PREPARED_WARM_UP : 0; round < rounds; round += 1)
    for (const name of names) {
      await before?.();
      const sample = await timed(contenders[name]!, runs.get(name)!);
      // The first rounds of those that are prepared each time warm up.
      if (round >= 0) samples.get(name)!.push(sample);
    }
  return Object.fromEntries(names.map((name) => [name, median(samples.get(name)!)]));
}

async function runsPerSample(work: () => unknown): Promise<number> {
  const warm = Math.max(await timed(work, 5), 0.001);
  const times = await timed(work, Math.min(WARM_UP, Math.ceil(1_500 / warm)));
  return Math.max(1, Math.ceil(SAMPLE / times));
}

async function timed(work: () => unknown, times: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < times; index += 1) await work();
  return (performance.now() - start) / times;
}
