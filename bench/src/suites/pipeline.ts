import { load, lowest, startServer, type BenchServer } from '../measure.js';
import { logIn, SECRET, sqliteAtlas } from '../prepare.js';
import { type Row, type Suite } from '../suite.js';

const ROUNDS = 6;
const SECONDS = 3;
const AIM = 'aim: at most 1.30';

/**
 * What the whole pipeline adds to a request, against what helmet and express-session alone add: to visitors without a
 * session, who cost express-session least, and to visitors with one, whom it loads from memory as ours does.
 */
export const pipeline: Suite = {
  name: 'pipeline',
  title: 'The whole pipeline against helmet + express-session, each on top of a bare Nest controller',
  async run() {
    const database = sqliteAtlas();
    const env = { BENCH_DATABASE: database.url, BENCH_SECRET: SECRET, BENCH_SESSIONS: 'memory' };
    const bare = await startServer('bare', 'pipeline');
    const usual = await startServer('usual', 'pipeline', { BENCH_MIDDLEWARE: '1' });
    const ours = await startServer('bowerbird', 'bowerbird', env);
    try {
      const [usualCookie, cookie] = [await sessionCookie(usual.url), await logIn(ours.url)];
      const costs = await measure([bare, usual, usual, ours, ours], ['', '', usualCookie, '', cookie]);
      return rows(costs.map((values) => lowest(values) * 1000));
    } finally {
      for (const server of [bare, usual, ours]) await server.stop();
      await database.remove();
    }
  },
};

function rows(costs: readonly number[]): readonly Row[] {
  const [bare, ...others] = costs as [number, ...number[]];
  const [plain, loaded, anonymous, whole] = others.map((cost) => cost - bare) as [number, number, number, number];
  const micro = (value: number) => `${value.toFixed(0)} µs`;
  return [
    { what: 'bare Nest controller: CPU per request', value: micro(bare) },
    { what: 'helmet + express-session add, no session', value: micro(plain) },
    { what: 'helmet + express-session add, session loaded', value: micro(loaded) },
    { what: 'the whole pipeline adds, no session', value: micro(anonymous) },
    { what: 'the whole pipeline adds, logged in', value: micro(whole), note: 'session and user loaded, CSRF, policy' },
    { what: 'ratio, no session on either side', value: (anonymous / plain).toFixed(2), note: AIM },
    { what: 'ratio, a session loaded on both sides', value: (whole / loaded).toFixed(2), note: AIM },
    { what: 'ratio, a session loaded on ours alone', value: (whole / plain).toFixed(2) },
  ];
}

/** The cookie of a session of express-session that holds something. */
async function sessionCookie(origin: string): Promise<string> {
  const response = await fetch(`${origin}/remember`);
  return response.headers.getSetCookie()[0]!.split(';', 1)[0]!;
}

async function measure(servers: readonly BenchServer[], cookies: readonly string[]): Promise<readonly number[][]> {
  const costs = servers.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, server] of servers.entries()) {
      const headers: Record<string, string> = cookies[index] ? { cookie: cookies[index] } : {};
      const { cpuMsPerRequest, failures } = await load(server, '/plain', { seconds: SECONDS, headers });
      if (failures > 0) throw new Error(`Some requests to ${server.name} failed`);
      costs[index]!.push(cpuMsPerRequest);
    }
  return costs;
}
