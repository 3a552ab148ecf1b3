import { type Class } from 'bowerbird/core';
import { DriftFinder, Migrator, syncSchema, type Database } from 'bowerbird/orm';
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type ColumnOptions,
} from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

/** A generator of numbers that repeats itself for a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const COLUMNS: readonly ColumnOptions[] = [
  { type: 'varchar', length: 20 },
  { type: 'varchar', length: 200, default: "it's" },
  { type: 'text' },
  { type: 'int', default: 5 },
  { type: 'bigint' },
  { type: 'decimal', precision: 9, scale: 3 },
  { type: 'boolean', default: false },
  { type: 'datetime' },
  { type: 'date' },
  { type: 'uuid' },
  { type: 'json' },
  { type: 'enum', enum: ['a', 'b'], default: 'a' },
  { type: 'enum', enum: ['a', 'b', 'c'] },
];

/** Entities made up from a seed: random columns, keys, references, pairs, unique sets, indexes and checks. */
function inventEntities(seed: number): readonly Class[] {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const chance = (share: number): boolean => next() < share;
  const names = ['Alpha', 'Beta', 'Gamma', 'Delta'].filter(() => chance(0.8));
  const classes = names.map((name) => ({ [name]: class {} })[name]! as Class);
  for (const target of classes) {
    const { prototype } = target as { prototype: object };
    const key = pick(['id', 'id', 'uid', 'pair']);
    if (key === 'id') PrimaryGeneratedColumn(chance(0.3) ? { type: 'bigint' } : {})(prototype, 'id');
    if (key === 'uid') PrimaryGeneratedColumn('uuid')(prototype, 'uid');
    if (key === 'pair') {
      PrimaryColumn('int')(prototype, 'left');
      PrimaryColumn('varchar', { length: 10 })(prototype, 'right');
    }
    const fields = ['one', 'two', 'three', 'four', 'five'].filter(() => chance(0.6));
    for (const field of fields) {
      const options = {
        ...pick(COLUMNS),
        ...(chance(0.4) && { nullable: true }),
        ...(chance(0.1) && { name: `${field}_column` }),
      };
      Column(options)(prototype, field);
      const short = options.type !== 'text' && options.type !== 'json';
      if (short && chance(0.2)) Unique([field])(target);
      if (short && chance(0.2)) Index([field])(target);
      if (!options.name && chance(0.1)) Check(`CHK_${target.name}_${field}`, `${field} IS NOT NULL OR 1 = 1`)(target);
    }
    if (chance(0.5)) {
      const up = pick(classes);
      const earlier = classes.indexOf(up) < classes.indexOf(target);
      const onDelete = pick(['CASCADE', 'RESTRICT'] as const);
      ManyToOne(() => up, { nullable: !earlier || chance(0.5), onDelete })(prototype, 'up');
    }
    if (chance(0.2)) {
      OneToOne(() => classes[0]!, { nullable: true })(prototype, 'twin');
      JoinColumn()(prototype, 'twin');
    }
    if (chance(0.4)) {
      const other = pick(classes);
      ManyToMany(() => other)(prototype, 'links');
      JoinTable()(prototype, 'links');
    }
    Entity(chance(0.15) ? `${target.name.toLowerCase()}_table` : undefined)(target);
  }
  return classes;
}

/** Nothing is a rename, and rows get whatever the column's type makes of nothing: the tables are empty. */
class NoRenames extends RecordedIo {
  constructor() {
    super([]);
  }

  override async ask(question: string): Promise<string> {
    if (question.startsWith('Was ')) return 'n';
    return question.endsWith('anew? [y/N]') ? 'y' : 'sql:NULL';
  }
}

const CATALOG = {
  sqlite: [
    "SELECT m.name AS t, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk FROM sqlite_master m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    'SELECT m.name AS t, f."table", f."from", f."to", f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = \'table\'',
    "SELECT m.name AS t, l.\"unique\", l.origin, l.partial, CASE l.origin WHEN 'c' THEN l.name END AS n, (SELECT group_concat(i.name) FROM pragma_index_info(l.name) i) AS c FROM sqlite_master m, pragma_index_list(m.name) l WHERE m.type = 'table'",
  ],
  postgres: [
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, is_nullable, column_default, is_identity FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) AS d FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
  ],
  mysql: [
    'SELECT table_name AS t, column_name AS c, column_type AS ty, is_nullable AS n, column_default AS d, extra AS e, collation_name AS co FROM information_schema.columns WHERE table_schema = DATABASE()',
    'SELECT table_name AS t, index_name AS i, non_unique AS u, seq_in_index AS s, column_name AS c FROM information_schema.statistics WHERE table_schema = DATABASE()',
    'SELECT k.table_name AS t, k.constraint_name AS c, k.column_name AS co, k.referenced_table_name AS r, k.referenced_column_name AS rc, f.delete_rule AS d FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints f ON f.constraint_schema = k.constraint_schema AND f.constraint_name = k.constraint_name WHERE k.table_schema = DATABASE()',
    "SELECT t.table_name AS t, c.constraint_name AS c, c.check_clause AS d FROM information_schema.check_constraints c JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK' WHERE c.constraint_schema = DATABASE()",
  ],
} as const;

/** Everything that the database knows of its tables, the ledger aside. */
async function catalog(database: Database): Promise<readonly string[]> {
  const parts = await Promise.all(CATALOG[database.dialect].map((sql) => database.query<object[]>(sql)));
  return parts
    .flat()
    .map((row) => JSON.stringify(row))
    .filter((line) => !line.includes('bowerbird_migrations'))
    .sort();
}

const SEEDS = Array.from({ length: 4 }, (_, index) => index * 100 + 1);

describe('a migrated database', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it.each(SEEDS)(
      'equals one that was made at once, forth and back, whatever changes (seed %i)',
      { timeout: 120_000 },
      async (seed) => {
        const project = new EvolvingProject(suite.url);
        const wanted: (readonly string[])[] = [];
        const versions = [0, 1, 2, 3].map((step) => seed + step);
        for (const version of versions) {
          const app = await openOrm({ database: suite.url, entities: inventEntities(version), synchronize: false });
          await syncSchema(app.db);
          wanted.push(await catalog(app.db));
          await app.db.dataSource.dropDatabase();
          await app.close();
        }
        for (const [index, version] of versions.entries()) {
          await project.with(inventEntities(version), async (app) => {
            await project.make(app, {}, new NoRenames());
            await app.get(Migrator).migrate();
            expect(await catalog(app.db)).toEqual(wanted[index]);
            expect((await app.get(DriftFinder).find()).differences).toEqual([]);
            expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
          });
        }
        await project.with([], async (app) => {
          const names = project.files.map((file) => file.slice(0, 4));
          for (const name of names.slice(0, -1).toReversed()) await app.get(Migrator).migrate({ app: 'shop', name });
          await app.get(Migrator).migrate({ app: 'shop', name: 'zero' });
          expect(await catalog(app.db)).toEqual([]);
        });
      },
    );
  });
});
