import { median } from '../measure.js';

/** Something to measure; its first contender is what the others are compared with. */
export interface Contest {
  readonly what: string;
  /** The largest ratio of the second contender to the first that is wanted. */
  readonly aim?: number;
  readonly contenders: Readonly<Record<string, () => unknown>>;
}

/** How long one sample takes at least, in milliseconds. */
const SAMPLE = 12;
/** Samples of each contender, taken in turns. */
const ROUNDS = 31;
/** Runs of each before anything is measured, so that the compiler has done its work. */
const WARM_UP = 150;

/** The median milliseconds of one run of each contender. */
export async function compare({ contenders }: Contest): Promise<Readonly<Record<string, number>>> {
  const names = Object.keys(contenders);
  const runs = new Map<string, number>();
  for (const name of names) runs.set(name, await runsPerSample(contenders[name]!));
  const samples = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of names) samples.get(name)!.push(await timed(contenders[name]!, runs.get(name)!));
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
