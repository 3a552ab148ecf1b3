import { describing } from '../api/describing.js';
import { exporting } from '../api/exporting.js';
import { farPages } from '../api/far-pages.js';
import { readerHeaders, storiesDatabase } from '../api/stories-database.js';
import { load, startServer, type BenchServer, type Load, type LoadOptions } from '../measure.js';
import { SECRET } from '../prepare.js';
import { type Row, type Suite } from '../suite.js';

const ROUNDS = 5;
const SECONDS = 3;
/**
 * All are ours. The second takes what it read of an account in the last seconds (`settings.auth.remember`); the third is open
 * to everybody, as the others are.
 */
const OURS = ['bowerbird', 'remembering', 'open'] as const;
const STORIES = 20_000;
const MANY_STORIES = 5_000_000;

/** One thing that several servers do, and what is asked of ours. */
interface Contest {
  readonly what: string;
  readonly path: string;
  readonly request?: Pick<LoadOptions, 'method' | 'body'>;
  readonly aims: Readonly<Record<string, number>>;
}

const STORY = {
  title: 'New',
  summary: 'Made',
  words: 3,
  price: '1.50',
  featured: false,
  publishedAt: '2026-01-02T03:04:05.000Z',
  writer: 5,
};

const CONTESTS: readonly Contest[] = [
  { what: 'list of 20 with author', path: '/stories?page=3', aims: { raw: 0.5, nest: 1.6 } },
  { what: 'detail with author', path: '/stories/77', aims: { nest: 1.3 } },
  { what: 'create', path: '/stories', request: { method: 'POST', body: STORY }, aims: { nest: 1 } },
];

/** The API against what is written by hand, for the same JSON: ours with all of its checks. */
export const api: Suite = {
  name: 'api',
  title: 'Viewsets against node:http + pg and against Nest + TypeORM (PostgreSQL), requests per second',
  async run() {
    const services = new URL('../../../test/support/services/postgres.mjs', import.meta.url);
    const { startPostgres } = (await import(services.href)) as PostgresService;
    const server = await startPostgres();
    if (!server.available) return [{ what: 'PostgreSQL', value: 'not run', note: server.reason ?? '' }];
    try {
      return [
        ...(await serving(server.url!, STORIES, ['raw', 'nest', ...OURS], contests)),
        ...(await serving(server.url!, MANY_STORIES, ['bowerbird'], longLists)),
        ...(await describing()),
      ];
    } finally {
      await server.stop?.();
    }
  },
};

/** A server and what a request of the reader carries there. */
interface Contender {
  readonly server: BenchServer;
  readonly headers: Readonly<Record<string, string>>;
}

type Measuring = (contenders: readonly Contender[]) => Promise<readonly Row[]>;

/** Starts servers on a database with that many stories, measures them and takes all of it away. */
async function serving(
  url: string,
  stories: number,
  names: readonly string[],
  measuring: Measuring,
): Promise<readonly Row[]> {
  const database = await storiesDatabase(url, stories);
  const env = { BENCH_DATABASE: database.url, BENCH_SECRET: SECRET };
  const contenders: Contender[] = [];
  try {
    for (const name of names) {
      const remember = { BENCH_REMEMBER: name === 'remembering' ? '1' : '' };
      const server = await startServer(name, `api-${isOurs(name) ? OURS[0] : name}`, { ...env, ...remember });
      contenders.push({
        server,
        headers: hasAccount(name) ? await readerHeaders(server.url.replace('[::1]', '127.0.0.1')) : {},
      });
    }
    return await measuring(contenders);
  } finally {
    for (const { server } of contenders) await server.stop();
    await database.remove();
  }
}

function hasAccount(name: string): boolean {
  return isOurs(name) && name !== 'open';
}

function isOurs(name: string): boolean {
  return (OURS as readonly string[]).includes(name);
}

async function longLists([contender]: readonly Contender[]): Promise<readonly Row[]> {
  const { server, headers } = contender!;
  return [...(await farPages(server, headers)), ...(await exporting(server, headers))];
}

interface PostgresService {
  startPostgres(): Promise<{ available: boolean; url?: string; reason?: string; stop?: () => Promise<void> }>;
}

async function contests(contenders: readonly Contender[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const contest of CONTESTS) rows.push(...(await compare(contest, contenders)));
  return rows;
}

async function compare(contest: Contest, contenders: readonly Contender[]): Promise<readonly Row[]> {
  const entered = contenders.filter(({ server: { name } }) => takesPart(name, contest));
  const loads = new Map<string, Load[]>(entered.map(({ server }) => [server.name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { server, headers } of entered) {
      const ours = isOurs(server.name);
      const path = ours ? `/api${pathFor(server.name, contest)}` : contest.path;
      const result = await load(server, path, {
        seconds: SECONDS,
        headers: { accept: 'application/json', ...headers },
        ...contest.request,
      });
      if (result.failures > 0) throw new Error(`Some requests to ${server.name} failed: ${contest.what}`);
      loads.get(server.name)!.push(result);
    }
  return rowsOf(contest, loads);
}

function takesPart(name: string, { aims }: Contest): boolean {
  return isOurs(name) || aims[name] !== undefined;
}

function pathFor(name: string, { path }: Contest): string {
  return name === 'open' ? path.replace('stories', 'open') : path;
}

function rowsOf({ what, aims }: Contest, loads: ReadonlyMap<string, readonly Load[]>): readonly Row[] {
  const best = (name: string): Load =>
    [...loads.get(name)!].sort((left, right) => left.cpuMsPerRequest - right.cpuMsPerRequest)[0]!;
  const rates = [...loads.keys()].map((name) => {
    const { requestsPerSecond, cpuMsPerRequest } = best(name);
    return {
      what: `${what}: ${name}`,
      value: requestsPerSecond.toFixed(0),
      note: `${cpuMsPerRequest.toFixed(3)} ms of CPU per request`,
    };
  });
  const ratios = OURS.filter((name) => loads.has(name)).flatMap((ours) =>
    Object.entries(aims).map(([name, aim]) => ({
      what: `${what}: ${ours} of ${name}`,
      value: (best(ours).requestsPerSecond / best(name).requestsPerSecond).toFixed(2),
      note: `aim: at least ${aim.toFixed(2)}`,
    })),
  );
  return [...rates, ...ratios];
}
