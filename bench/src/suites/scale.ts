import { load, median, startServer, type BenchServer } from '../measure.js';
import { logIn, postgresCities, SECRET, type BenchDatabase } from '../prepare.js';
import { type Suite } from '../suite.js';

const SMALL = 100_000;
const LARGE = 5_000_000;
const ROUNDS = 3;
const SECONDS = 4;

/** The same list at two sizes on PostgreSQL. */
export const scale: Suite = {
  name: 'scale',
  title: 'Admin list at 100,000 and at 5,000,000 rows (PostgreSQL)',
  async run() {
    const services = new URL('../../../test/support/services/postgres.mjs', import.meta.url);
    const { startPostgres } = (await import(services.href)) as PostgresService;
    const server = await startPostgres();
    if (!server.available) return [{ what: 'PostgreSQL', value: 'not run', note: server.reason ?? '' }];
    try {
      const [small, large] = await latencies(server.url!, [SMALL, LARGE]);
      return [
        { what: `${SMALL.toLocaleString('en')} rows: median`, value: `${small!.toFixed(1)} ms` },
        { what: `${LARGE.toLocaleString('en')} rows: median`, value: `${large!.toFixed(1)} ms` },
        { what: 'ratio', value: (large! / small!).toFixed(2), note: 'aim: at most 1.50' },
      ];
    } finally {
      await server.stop?.();
    }
  },
};

interface PostgresService {
  startPostgres(): Promise<{ available: boolean; url?: string; reason?: string; stop?: () => Promise<void> }>;
}

/** Median milliseconds of a page at each size, measured in turns. */
async function latencies(server: string, sizes: readonly number[]): Promise<readonly number[]> {
  const lists: List[] = [];
  try {
    for (const rows of sizes) lists.push(await openList(server, rows));
    const seen = lists.map(() => [] as number[]);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [index, { app, cookie }] of lists.entries()) {
        const result = await load(app, '/admin/atlas/city/', { seconds: SECONDS, connections: 1, headers: { cookie } });
        if (result.failures > 0) throw new Error('Some requests failed');
        seen[index]!.push(1000 / result.requestsPerSecond);
      }
    return seen.map(median);
  } finally {
    for (const { app, database } of lists) {
      await app.stop();
      await database.remove();
    }
  }
}

interface List {
  readonly database: BenchDatabase;
  readonly app: BenchServer;
  readonly cookie: string;
}

async function openList(server: string, rows: number): Promise<List> {
  const database = await postgresCities(server, rows);
  const app = await startServer('bowerbird', 'bowerbird', { BENCH_DATABASE: database.url, BENCH_SECRET: SECRET });
  return { database, app, cookie: await logIn(app.url) };
}
