import { type DataSourceOptions } from 'typeorm';

/** TypeORM's options for the URL in `BENCH_DATABASE`. */
export function connectionOptions(): DataSourceOptions {
  const url = process.env.BENCH_DATABASE!;
  if (url.startsWith('sqlite:'))
    return { type: 'better-sqlite3', database: url.slice('sqlite:'.length), enableWAL: true };
  return { type: 'postgres', url };
}
