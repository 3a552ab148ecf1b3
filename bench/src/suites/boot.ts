import { median, startServer } from '../measure.js';
import { SECRET, sqliteAtlas } from '../prepare.js';
import { type Suite } from '../suite.js';

const ROUNDS = 5;

/** From the start of the process to listening, and the memory then. */
export const boot: Suite = {
  name: 'boot',
  title: 'Boot and memory against a bare Nest + TypeORM application with as many entities',
  async run() {
    const database = sqliteAtlas();
    const env = { BENCH_DATABASE: database.url, BENCH_SECRET: SECRET };
    const [bare, demo] = [[] as Boot[], [] as Boot[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await boots('bare-boot', env));
      demo.push(await boots('bowerbird', env));
    }
    await database.remove();
    const [left, right] = [middle(bare), middle(demo)];
    return [
      { what: 'bare: boot', value: milliseconds(left), note: details(left) },
      { what: 'demo: boot', value: milliseconds(right), note: details(right) },
      {
        what: 'boot: more than bare',
        value: `${(right.wallMs - left.wallMs).toFixed(0)} ms`,
        note: `${(right.cpuMs - left.cpuMs).toFixed(0)} ms of CPU; aim: at most 500 ms`,
      },
      {
        what: 'memory: more than bare',
        value: `${(right.memoryMiB - left.memoryMiB).toFixed(0)} MiB`,
        note: 'aim: at most 40 MiB',
      },
    ];
  },
};

/** One start of a server. */
interface Boot {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly memoryMiB: number;
}

async function boots(script: string, env: Record<string, string>): Promise<Boot> {
  const server = await startServer(script, script, env);
  const cpuMs = await server.cpuMs();
  await server.stop();
  return { wallMs: server.bootMs, cpuMs, memoryMiB: server.memoryMiB };
}

function middle(seen: readonly Boot[]): Boot {
  const of = (key: keyof Boot) => median(seen.map((boot) => boot[key]));
  return { wallMs: of('wallMs'), cpuMs: of('cpuMs'), memoryMiB: of('memoryMiB') };
}

function milliseconds({ wallMs }: Boot): string {
  return `${wallMs.toFixed(0)} ms`;
}

function details({ cpuMs, memoryMiB }: Boot): string {
  return `${cpuMs.toFixed(0)} ms of CPU, ${memoryMiB.toFixed(0)} MiB`;
}
