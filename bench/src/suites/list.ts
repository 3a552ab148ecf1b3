import { load, lowest, startServer, type Load } from '../measure.js';
import { logIn, SECRET, sqliteAtlas } from '../prepare.js';
import { type Row, type Suite } from '../suite.js';

const ROUNDS = 6;
const SECONDS = 4;

/** The list page of 100 rows against a bare page with the same table. */
export const list: Suite = {
  name: 'list',
  title: 'Admin list of 100 cities (SQLite) against bare Nest + TypeORM find + Handlebars',
  async run() {
    const database = sqliteAtlas();
    const env = { BENCH_DATABASE: database.url, BENCH_SECRET: SECRET };
    const bare = await startServer('bare', 'bare-nest', env);
    const ours = await startServer('bowerbird', 'bowerbird', env);
    try {
      const cookie = await logIn(ours.url);
      const [left, right] = [[] as Load[], [] as Load[]];
      for (let round = 0; round < ROUNDS; round += 1) {
        left.push(await load(bare, '/list', { seconds: SECONDS }));
        right.push(await load(ours, '/admin/atlas/city/', { seconds: SECONDS, headers: { cookie } }));
      }
      if ([...left, ...right].some(({ failures }) => failures > 0)) throw new Error('Some requests failed');
      return rows(left, right);
    } finally {
      await bare.stop();
      await ours.stop();
      await database.remove();
    }
  },
};

function rows(left: readonly Load[], right: readonly Load[]): readonly Row[] {
  const [bare, ours] = [left, right].map((loads) => lowest(loads.map(({ cpuMsPerRequest }) => cpuMsPerRequest)));
  return [
    { what: 'bare page: server CPU per request', value: `${bare!.toFixed(2)} ms`, note: rate(left) },
    { what: 'admin list: server CPU per request', value: `${ours!.toFixed(2)} ms`, note: rate(right) },
    { what: 'ratio', value: (ours! / bare!).toFixed(2), note: 'aim: at most 0.60' },
  ];
}

function rate(loads: readonly Load[]): string {
  return `${Math.max(...loads.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0)} requests/s`;
}
