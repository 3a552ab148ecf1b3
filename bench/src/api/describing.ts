import { lowest, startServer } from '../measure.js';
import { SECRET } from '../prepare.js';
import { type Row } from '../suite.js';

const ROUNDS = 5;
const DOCUMENT = '/api/openapi.json';

/** The description of an API of a hundred entities: what it costs at boot, and what its first reader waits for. */
export async function describing(): Promise<readonly Row[]> {
  const [without, described] = [[] as Started[], [] as Started[]];
  for (let round = 0; round < ROUNDS; round += 1) {
    without.push(await start({}));
    described.push(await start({ BENCH_DOCS: '1' }));
  }
  const of = (starts: readonly Started[], key: keyof Started): number => lowest(starts.map((each) => each[key]));
  const [left, right] = [of(without, 'bootCpuMs'), of(described, 'bootCpuMs')];
  return [
    {
      what: 'description of 100 entities: first hit',
      value: `${of(described, 'firstMs').toFixed(0)} ms`,
      note: `aim: at most 1,000 ms; ${of(described, 'firstCpuMs').toFixed(0)} ms of CPU, ${kibibytes(described[0]!)} KiB`,
    },
    { what: 'description of 100 entities: second hit', value: `${of(described, 'secondMs').toFixed(0)} ms` },
    {
      what: 'description of 100 entities: more at boot',
      value: `${(right - left).toFixed(0)} ms`,
      note: `of CPU: ${left.toFixed(0)} ms without, ${right.toFixed(0)} ms with; aim: none`,
    },
  ];
}

/** One start, and two hits where there is something to hit. */
interface Started {
  readonly bootCpuMs: number;
  readonly firstMs: number;
  readonly firstCpuMs: number;
  readonly secondMs: number;
  readonly bytes: number;
}

async function start(env: Record<string, string>): Promise<Started> {
  const server = await startServer('hundred', 'api-hundred', { BENCH_SECRET: SECRET, ...env });
  try {
    const bootCpuMs = await server.cpuMs();
    const first = await hit(server.url);
    const firstCpuMs = (await server.cpuMs()) - bootCpuMs;
    const second = await hit(server.url);
    if (first.status !== ('BENCH_DOCS' in env ? 200 : 404)) throw new Error(`The description answered ${first.status}`);
    return { bootCpuMs, firstMs: first.ms, firstCpuMs, secondMs: second.ms, bytes: first.bytes };
  } finally {
    await server.stop();
  }
}

function kibibytes({ bytes }: Started): string {
  return (bytes / 1024).toFixed(0);
}

async function hit(origin: string): Promise<{ readonly status: number; readonly ms: number; readonly bytes: number }> {
  const started = performance.now();
  const answer = await fetch(new URL(DOCUMENT, origin));
  const bytes = (await answer.arrayBuffer()).byteLength;
  return { status: answer.status, ms: performance.now() - started, bytes };
}
