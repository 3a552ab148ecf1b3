import { pathToFileURL } from 'node:url';

import { type Class } from 'bowerbird/core';
import {
  DriftFinder,
  InspectDbCommand,
  MakeMigrationsCommand,
  MigrateCommand,
  type Dialect,
  type QuerySet,
} from 'bowerbird/orm';
import { type TestDatabase } from 'bowerbird/testing';
import { format } from 'prettier';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createDatabase, eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { shapes } from './inspectdb.shapes.js';
import { catalogOf, comparable, LegacyProject, runScript, typeErrors } from './inspectdb.support.js';
import { RecordedIo } from './migrations.support.js';

type Row = Record<string, unknown>;

const projects: LegacyProject[] = [];

eachDatabase((database) => {
  const { dialect } = database;
  const project = new LegacyProject(() => database.url);
  const io = new RecordedIo();
  let app: OrmTestApp;
  let empty: TestDatabase;

  const run = async (of: OrmTestApp, command: Class, options: Record<string, unknown>): Promise<RecordedIo> => {
    const said = new RecordedIo();
    const code = await (of.get(command) as MigrateCommand).run({ args: {}, options }, said);
    said.lines.push(`exit ${code}`);
    return said;
  };
  const boot = async (url: string): Promise<OrmTestApp> => {
    const { OldModule: _, ...exported } = await project.import<Record<string, Class>>('old/index.ts');
    const entities = Object.values(exported).filter((each) => typeof each === 'function');
    const migrations = pathToFileURL(`${project.path('old', 'migrations')}/`);
    return openOrm({ database: url, entities, synchronize: false, app: { name: 'old', migrations } });
  };
  const rows = async (name: string): Promise<QuerySet<Row>> => {
    const exported = await project.import<Record<string, Class>>('old/index.ts');
    return app.db.objects(exported[name] as never) as never;
  };
  const written = (name: string): string => project.read('old', `${name}.entity.ts`).replace(/\s+/g, ' ');

  beforeAll(async () => {
    await runScript(dialect, database.url, shapes(dialect));
    const looking = await openOrm({ database: database.url, entities: [], synchronize: false });
    const options = { app: 'old', output: project.path('old'), views: true, exclude: ['elsewhere*'] };
    await looking.get(InspectDbCommand).run({ args: {}, options }, io);
    await looking.close();
    projects.push(project);
    app = await boot(database.url);
    empty = await createDatabase(dialect);
  });
  afterAll(async () => {
    await app?.close();
    await empty?.drop();
  });

  it('leaves nothing for makemigrations to do', async () => {
    expect((await run(app, MakeMigrationsCommand, { check: true })).lines).toEqual(['No changes detected.', 'exit 0']);
  });

  it('makes an equal database elsewhere, and takes it back', async () => {
    const other = await boot(empty.url);
    await run(other, MigrateCommand, {});
    const [made, old] = [comparable(await catalogOf(empty.url)), comparable(await catalogOf(database.url))];
    const { child: _, ...expected } = old;
    expect(made).toEqual(expected);
    const { differences } = await other.get(DriftFinder).find();
    expect(differences.filter(({ name }) => name.startsWith('special_'))).toEqual([]);
    await other.get(MigrateCommand).run({ args: { app: 'old', migration: 'zero' }, options: {} }, new RecordedIo());
    await other.close();
    expect(
      (await catalogOf(empty.url)).tables.map(({ name }) => name).filter((name) => !name.startsWith('bowerbird')),
    ).toEqual([]);
  });

  it('writes methods, orders and expressions of indexes as options, and as SQL only what has none', () => {
    const special = written('special').replaceAll('"', "'").replaceAll(', }', ' }');
    const declared: Readonly<Record<Dialect, readonly string[]>> = {
      sqlite: [
        "@TableIndex('special_falling', { fields: ['words', '-money'] })",
        "@TableIndex('special_upper', { expressions: [rawSql('upper(words)'), rawSql('length(words)')], where: 'active = 1' })",
      ],
      postgres: [
        "@TableIndex('special_tags', { fields: ['tags'], using: 'gin' })",
        "@TableIndex('special_falling', { fields: ['fixed', '-seen'] })",
        "@TableIndex('special_extra', { fields: ['extra'], where: 'active', using: 'gin', operators: ['jsonb_path_ops'] })",
        "@TableIndex('special_hash', { fields: ['endless'], using: 'hash' })",
        "@TableIndex('special_brin', { fields: ['seen'], using: 'brin' })",
        "@TableIndex('special_spgist', { fields: ['endless'], using: 'spgist' })",
        "@TableIndex('special_gist', { fields: ['place'], using: 'gist' })",
        "@TableIndex('special_like', { fields: ['endless', 'fixed'], operators: ['varchar_pattern_ops', ''] })",
        "expressions: [rawSql('upper(endless::text)'), rawSql('(small + 1)')]",
      ],
      mysql: ["@TableIndex('special_falling', { fields: ['seen', '-day'] })"],
    };
    for (const text of declared[dialect]) expect(special).toContain(text);
    const alone = [...special.matchAll(/Made by the migration alone: index (\w+)/g)].map(([, name]) => name);
    const kept = ['special_carrying', 'special_falling_lower', 'special_filled', 'special_first', 'special_lower'];
    expect(alone).toEqual(
      { sqlite: ['special_falling_lower', 'special_lower'], postgres: kept, mysql: ['special_start'] }[dialect],
    );
  });

  it('writes references of all kinds', () => {
    const person = written('person');
    expect(person).toContain('parent!: Relation<Person> | null;');
    expect(person).toContain('children!: Relation<Person>[];');
    expect(person).toContain('boss!: Relation<Person> | null;');
    expect(person).toContain('peopleByBoss!: Relation<Person>[];');
    expect(person).toContain('passport!: Relation<Passport> | null;');
    expect(person).toContain('profile!: Relation<Profile> | null;');
    expect(person).toContain('tags!: Relation<Tag>[];');
    expect(person).toContain('friends!: Relation<Person>[];');
    expect(written('passport')).toContain('@OneToOne(() => Person, (person) => person.passport');
    expect(written('profile')).toContain('@OneToOne(() => Person, (person) => person.profile');
    expect(written('membership')).toMatch(/@PrimaryColumn\(.integer., \{ name: .person_id./);
    expect(written('order-line')).toContain('order!: Relation<Order>;');
  });

  it('gives names to what has none in TypeScript', () => {
    const table = written('table2nd-table');
    for (const name of [
      'größe',
      'withSpace',
      'quoteD',
      'column2fast',
      'constructorValue',
      'thenValue',
      'class',
      'column',
      'aB',
      'größe2',
    ])
      expect(table).toContain(` ${name}!: number | null;`);
    expect(written('column-row')).toContain('export class ColumnRow {');
  });

  it('works on tables without a key, and says so', async () => {
    expect(written('keyless')).toContain('@Meta({ managed: false })');
    expect(io.text).toContain('Keyless: The table has no primary key: code stands for it.');
    expect(io.text).toContain('Log: The table has no primary key: line stands for it and may not be unique');
    await app.db.query("INSERT INTO keyless (code, note) VALUES ('a', 'first')");
    expect(await (await rows('Keyless')).get({ code: 'a' } as never)).toMatchObject({ note: 'first' });
  });

  it('stores and finds rows along every kind of reference', async () => {
    const made = async (name: string, values: Row): Promise<Row> => (await rows(name)).create(values);
    const ada = await made('Person', { name: 'Ada' });
    const bob = await made('Person', { name: 'Bob', parent: ada, boss: ada });
    await made('Passport', { personId: bob['id'], number: 'X1' });
    await made('Profile', { person: bob, bio: 'short' });
    const tag = await made('Tag', {});
    await app.db.related(bob, 'tags').add(tag);
    await app.db.related(bob, 'friends').add(ada);
    await made('Order', { shopNo: 1, number: 7 });
    await made('OrderLine', { shopNo: 1, orderNumber: 7, line: 1, amount: '1.500000000000' });
    const found = async (name: string, where: Row): Promise<number> =>
      (await rows(name)).filter(where as never).count();
    expect(await found('Person', { 'parent.name': 'Ada', 'boss.name': 'Ada', 'passport.number': 'X1' })).toBe(1);
    expect(await found('Person', { 'profile.bio': 'short', 'tags.label': "it's new", 'friends.name': 'Ada' })).toBe(1);
    expect(await found('OrderLine', { 'order.total': '4.90' })).toBe(1);
    expect(await found('NamedPerson', { name: 'Ada' })).toBe(1);
  });

  it('says what it cannot say in the files', () => {
    const notes: Readonly<Record<Dialect, readonly string[]>> = {
      sqlite: ['Special.anything: The type is not said', '"finder" is left out: a virtual table'],
      postgres: [
        'Special.place: The type "point" is unknown to TypeORM',
        'Special.span: The type "interval" is unknown to TypeORM',
        'Special.states: The type "mood[]" is unknown to TypeORM',
        '"special" (far_id) refers to "elsewhere.far", which is not inspected',
        '"child" is left out: inherits from log',
        'ALTER TABLE "special" ADD CONSTRAINT "special_token" UNIQUE USING INDEX "special_token"',
      ],
      mysql: ['Special.place: The type "point" is unknown to TypeORM'],
    };
    for (const note of notes[dialect]) expect(io.text).toContain(note);
    if (dialect === 'postgres') expect(written('special')).toContain('@Exclusion(');
    expect(written('special')).toContain('@Field({ sensitive: true })');
  });

  it('reads and writes the types of the database', async () => {
    const special = await rows('Special');
    const values: Readonly<Record<Dialect, Row>> = {
      sqlite: { plain: 'x', words: 'wörter', active: false },
      postgres: {
        state: '1st',
        tags: ['a', 'b,c'],
        extra: { a: 1 },
        small: 7,
        made: 1999,
        address: '10.0.0.1',
        active: false,
      },
      mysql: { state: '1st', features: 'one,two', extra: { a: 1 }, tiny: 255, made: 1999, words: 'x', active: false },
    };
    const { id } = await special.create(values[dialect]);
    expect(await special.get({ id } as never)).toMatchObject(values[dialect]);
  });

  it('is formatted as prettier would', async () => {
    const looking = await openOrm({ database: database.url, entities: [], synchronize: false });
    const shown = new RecordedIo();
    await looking.get(InspectDbCommand).run({ args: {}, options: { app: 'old', dryRun: true, table: ['*'] } }, shown);
    await looking.close();
    const style = { parser: 'typescript', printWidth: 120, singleQuote: true };
    // Migrations are written as makemigrations writes them.
    const files = shown.lines.filter((text) => text.startsWith('// ') && !text.startsWith('// migrations/'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) expect(await format(file, style)).toBe(file);
  });

  it('looks at what it is asked to look at', async () => {
    const ask = async (options: Record<string, unknown>): Promise<string> => {
      const looking = await openOrm({ database: database.url, entities: [], synchronize: false });
      const shown = new RecordedIo();
      await looking.get(InspectDbCommand).run({ args: {}, options: { app: 'some', dryRun: true, ...options } }, shown);
      await looking.close();
      return shown.text;
    };
    const tags = await ask({ table: ['people*', 'tag'], exclude: ['people_?ags'] });
    expect(tags).toContain('2 entities, 2 relations, 0 enums.');
    expect(await ask({ table: ['profile'] })).toContain(
      '"profile" (person_id) refers to "people", which is not inspected',
    );
    if (dialect !== 'postgres') return;
    const far = await ask({ schema: 'elsewhere' });
    expect(far).toContain("@Entity({ name: 'far', schema: 'elsewhere' })");
  });

  it('writes over nothing', async () => {
    await expect(
      app
        .get(InspectDbCommand)
        .run({ args: {}, options: { app: 'x', output: project.path('old'), table: ['nothing'] } }, io),
    ).rejects.toThrow('There is no table to inspect');
    const looking = await openOrm({ database: database.url, entities: [], synchronize: false });
    const again = looking
      .get(InspectDbCommand)
      .run({ args: {}, options: { app: 'old', output: project.path('old') } }, io);
    await expect(again).rejects.toThrow('is not empty');
    await expect(
      looking.get(InspectDbCommand).run({ args: {}, options: { app: 'No Name', output: project.path('new') } }, io),
    ).rejects.toThrow('is no name for an app');
    await looking.close();
  });
});

it('compiles under strict, whichever database it came from', () => {
  expect(typeErrors(projects.flatMap((project) => project.sources('old')))).toEqual([]);
}, 180_000);
