import { type Dialect } from 'bowerbird/orm';

import { heldMemory } from '../held-memory.js';
import { type Row } from '../suite.js';
import { type BenchShelf } from './bench-database.js';
import { Loan } from './shelf.entities.js';

const ROWS = 1_000_000;
/** Memory is read once in so many rows. */
const EVERY = 50_000;
const MIB = 1024 * 1024;

/** Where the numbers from 1 to a million come from. */
const NUMBERS: Readonly<Record<Dialect, string>> = {
  sqlite: `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) SELECT i FROM n) s`,
  postgres: `generate_series(1, ${ROWS}) s(i)`,
  mysql: `(SELECT seq AS i FROM seq_1_to_${ROWS}) s`,
};
const TEXT: Readonly<Record<Dialect, string>> = {
  sqlite: `'Reader ' || i`,
  postgres: `'Reader ' || i`,
  mysql: `CONCAT('Reader ', i)`,
};

/** How much memory reading a million rows one by one takes: what is held after a collection, at its highest. */
export async function iterate({ db, dialect }: BenchShelf): Promise<readonly Row[]> {
  const { tableName } = db.dataSource.getMetadata(Loan);
  await db.query(
    `INSERT INTO ${tableName} (id, reader, days) SELECT i, ${TEXT[dialect]}, i % 30 FROM ${NUMBERS[dialect]}`,
  );
  for await (const row of db.objects(Loan).slice(0, EVERY)) if (row.id < 0) break;
  const start = heldMemory();
  const began = performance.now();
  const rows: Row[] = [];
  for (const [name, read] of [['iterator()', () => db.objects(Loan).iterator()]] as const) {
    let [count, highest] = [0, 0];
    for await (const row of read()) if (row.id > 0 && ++count % EVERY === 0) highest = Math.max(highest, heldMemory());
    if (count !== ROWS) throw new Error(`Read ${count} rows`);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    rows.push({
      what: `${dialect}: 1,000,000 rows by ${name}`,
      value: `${((highest - start) / MIB).toFixed(1)} MiB`,
      note: `aim: at most 30 MiB above start · ${seconds} s`,
    });
  }
  return rows;
}
