import { type BenchShelf } from './bench-database.js';
import { type Contest } from './compare.js';
import { Entry } from './shelf.entities.js';

const ROWS = 10_000;
const COLUMNS = ['title', 'slug', 'pages', 'price', 'rating', 'inPrint', 'published', 'createdAt'] as const;
/** Rows of one statement; SQLite takes 32,766 values. */
const BATCH = Math.floor(32_000 / COLUMNS.length);
/** Rounds of each contender; every one writes thousands of rows. */
const ROUNDS = 9;

type Values = Readonly<Record<(typeof COLUMNS)[number], unknown>>;

/** What storing thousands of rows costs; the table is emptied before each run, outside of the clock. */
export function writingContests(shelf: BenchShelf): readonly Contest[] {
  return [created(shelf), updated(shelf)];
}

function created({ db, raw }: BenchShelf): Contest {
  const rows = valuesOf(ROWS);
  const table = db.dataSource.driver.escape(db.dataSource.getMetadata(Entry).tableName);
  return {
    what: '10,000 new rows of 8 columns, keys by the database',
    aim: 1.5,
    rounds: ROUNDS,
    before: () => db.query(`DELETE FROM ${table}`),
    contenders: {
      'multi-row INSERT by hand': async () => {
        await raw.change('BEGIN');
        for (let start = 0; start < rows.length; start += BATCH) await insert(rows.slice(start, start + BATCH));
        await raw.change('COMMIT');
      },
      'bowerbird bulkCreate': () => db.objects(Entry).bulkCreate(rows as never),
      'TypeORM insert': () =>
        db.dataSource.transaction(async (manager) => {
          // More rows at once fail on SQLite.
          for (let start = 0; start < rows.length; start += 500)
            await manager.insert(Entry, rows.slice(start, start + 500) as never);
        }),
    },
  };

  async function insert(some: readonly Values[]): Promise<void> {
    let next = 0;
    const mark = (): string => (db.dialect === 'postgres' ? `$${(next += 1)}` : '?');
    const tuples = some.map(() => `(${COLUMNS.map(mark).join(', ')})`).join(', ');
    const names = COLUMNS.map((name) => db.dataSource.driver.escape(name)).join(', ');
    await raw.change(
      `INSERT INTO ${table} (${names}) VALUES ${tuples}`,
      some.flatMap((row) => COLUMNS.map((name) => plain(db.dialect, row[name]))),
    );
  }
}

/** What a driver takes: SQLite has neither booleans nor dates. */
function plain(dialect: BenchShelf['dialect'], value: unknown): unknown {
  if (dialect !== 'sqlite') return value;
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  return typeof value === 'boolean' ? Number(value) : value;
}

const CHANGED = 2_000;

function updated({ db, raw }: BenchShelf): Contest {
  const { driver } = db.dataSource;
  const table = driver.escape(db.dataSource.getMetadata(Entry).tableName);
  const mark = (index: number): string => (db.dialect === 'postgres' ? `$${index}` : '?');
  const statement = `UPDATE ${table} SET pages = ${mark(1)}, price = ${mark(2)} WHERE id = ${mark(3)}`;
  let rows: Entry[] = [];
  let round = 0;
  return {
    what: '2 fields of 2,000 rows',
    rounds: ROUNDS,
    before: async () => {
      round += 1;
      await db.query(`DELETE FROM ${table}`);
      rows = await db.objects(Entry).bulkCreate(valuesOf(CHANGED) as never);
      for (const row of rows) Object.assign(row, { pages: row.pages + round, price: '1.25' });
    },
    contenders: {
      'one UPDATE for each row by hand': async () => {
        await raw.change('BEGIN');
        for (const { id, pages, price } of rows) await raw.change(statement, [pages, price, id]);
        await raw.change('COMMIT');
      },
      'bowerbird bulkUpdate': () => db.objects(Entry).bulkUpdate(rows, ['pages', 'price']),
      'TypeORM save': () => db.dataSource.getRepository(Entry).save(rows),
    },
  };
}

function valuesOf(count: number): readonly Values[] {
  return Array.from({ length: count }, (_, index) => ({
    title: `The title of entry number ${index}`,
    slug: `the-title-of-entry-number-${index}`,
    pages: 100 + index,
    price: `${index % 90}.50`,
    rating: index % 10 === 0 ? null : (index % 50) / 10,
    inPrint: index % 3 > 0,
    published: `20${String(10 + (index % 15))}-0${1 + (index % 9)}-11`,
    createdAt: new Date(Date.UTC(2020, index % 12, 1 + (index % 28), 12, 30, 15, 250)),
  }));
}
