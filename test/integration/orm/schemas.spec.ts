import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CheckRunner, CoreModule, SecretKeys, SettingsProblems, type Class } from 'bowerbird/core';
import {
  App,
  CheckDriftCommand,
  Count,
  Databases,
  Fixtures,
  Flusher,
  InspectDbCommand,
  MakeMigrationsCommand,
  MigrateCommand,
  Migration,
  Migrator,
  ops,
  OrmModule,
  resolveOrm,
  SqlMigrateCommand,
  SquashMigrationsCommand,
  Sum,
  syncSchema,
} from 'bowerbird/orm';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  ViewColumn,
  ViewEntity,
} from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, openOrm, SERVERS, type OrmTestApp } from '../../support/databases.js';
import { LegacyProject, runScript } from './inspectdb.support.js';
import { EvolvingProject, RecordedIo } from './migrations.support.js';

const ODD = 'Odd "one"';

/** Three tables of one name in three schemas, and tables of pairs of one name in two. */
@Entity('record')
class Customer {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) code: string;
  @OneToMany(() => Invoice, (invoice) => invoice.customer) invoices: Invoice[];
  @ManyToMany(() => Label) @JoinTable({ name: 'record_labels' }) labels: Label[];
}

@Entity({ name: 'record', schema: ODD })
class Label {
  @PrimaryGeneratedColumn() id: number;
  @Column() text: string;
}

@Entity({ name: 'record', schema: 'sales' })
@Unique(['code'])
class Invoice {
  @PrimaryGeneratedColumn() id: number;
  @Column() code: string;
  @Column('int', { default: 0 }) amount: number;
  @ManyToOne(() => Customer, (customer) => customer.invoices, { onDelete: 'CASCADE' }) customer: Customer;
  @ManyToMany(() => Label) @JoinTable({ name: 'record_labels' }) labels: Label[];
  @ManyToMany(() => Label) @JoinTable({ name: 'invoice_marks', schema: ODD }) marks: Label[];
}

@Entity({ schema: 'sales' })
@Tree('closure-table')
class Region {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @TreeParent() parent: Region | null;
  @TreeChildren() children: Region[];
}

@ViewEntity({ name: 'totals', schema: 'sales' })
class Total {
  @PrimaryColumn() customerId: number;
  @ViewColumn() sum: number;
}

const SHOP: readonly Class[] = [Customer, Label, Invoice, Region];

interface NoteOptions {
  readonly schema?: string;
  /** Schema of the pairs. */
  readonly pairs?: string;
  readonly table?: string;
  readonly indexed?: boolean;
  readonly name?: string;
}

/** Notes with words, in a schema or in none. */
function notes(options: NoteOptions = {}): readonly Class[] {
  const { schema, pairs, table = 'note', indexed = false, name = 'Note' } = options;
  @Entity()
  class Word {
    @PrimaryGeneratedColumn() id: number;
    @Column({ default: '' }) text: string;
  }
  const Note = { [name]: class {} }[name]! as Class;
  PrimaryGeneratedColumn()(Note.prototype, 'id');
  Column({ type: 'varchar', unique: indexed })(Note.prototype, 'text');
  ManyToOne(() => Note)(Note.prototype, 'parent');
  ManyToMany(() => Word)(Note.prototype, 'words');
  JoinTable({ name: 'note_words', ...(pairs !== undefined && { schema: pairs }) })(Note.prototype, 'words');
  Entity({ name: table, ...(schema !== undefined && { schema }) })(Note);
  return [Note, Word];
}

const AS_IT_SHOULD_BE = ['The database is what the migrations say.', 'exit 0'];

async function drift(project: EvolvingProject, app: OrmTestApp): Promise<readonly string[]> {
  return (await project.run(app, CheckDriftCommand, {})).lines;
}

describe.skipIf(!DIALECTS.includes('postgres'))('schemas of PostgreSQL', () => {
  const databases: Awaited<ReturnType<typeof createDatabase>>[] = [];
  const fresh = async (): Promise<string> => {
    const database = await createDatabase('postgres');
    databases.push(database);
    return database.url;
  };
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  describe('in queries and writes', () => {
    let app: OrmTestApp;
    let url: string;
    let project: EvolvingProject;

    beforeAll(async () => {
      url = await fresh();
      project = new EvolvingProject(url, { name: 'shop' });
      await project.evolve(SHOP);
      await runScript('postgres', url, [
        'CREATE VIEW sales.totals AS SELECT "customerId", SUM(amount)::int AS sum FROM sales.record GROUP BY "customerId"',
      ]);
      app = await openOrm({
        database: url,
        entities: [...SHOP, Total],
        synchronize: false,
        app: { migrations: project.folder },
      });
    });
    afterAll(async () => {
      await app?.close();
    });
    afterEach(async () => {
      await app.get(Flusher).flush('default');
    });

    const objects = <E extends object>(Target: Class<E>) => app.db.objects(Target);

    async function sell(): Promise<{ readonly anna: Customer; readonly red: Label; readonly blue: Label }> {
      const anna = await objects(Customer).create({ code: 'anna' });
      const red = await objects(Label).create({ text: 'red' });
      const blue = await objects(Label).create({ text: 'blue' });
      await objects(Invoice).bulkCreate([
        { code: 'a', amount: 3, customer: anna },
        { code: 'b', amount: 4, customer: anna },
      ]);
      const first = await objects(Invoice).get({ code: 'a' });
      await app.db.related(first, 'labels').add(red, blue);
      await app.db.related(first, 'marks').add(blue);
      await app.db.related(anna, 'labels').add(red);
      return { anna, red, blue };
    }

    it('read over joins, pairs and aggregates', async () => {
      const { anna } = await sell();
      const invoices = objects(Invoice);
      expect(await invoices.filter({ 'customer.code': 'anna', 'labels.text': 'red' }).flat('code').all()).toEqual([
        'a',
      ]);
      expect(await objects(Customer).filter({ 'invoices.marks.text': 'blue' }).count()).toBe(1);
      const summed = objects(Customer).annotate({ sum: Sum('invoices.amount') });
      expect(await summed.get({ id: anna.id })).toMatchObject({ sum: 7 });
      const [loaded] = await objects(Customer).prefetchRelated('invoices.labels', 'labels').all();
      expect(loaded).toMatchObject({ labels: [{ text: 'red' }] });
      expect(loaded!.invoices.map(({ labels }) => labels.length).toSorted((one, other) => one - other)).toEqual([0, 2]);
      const joined = invoices.selectRelated('customer').orderBy('code');
      expect(await joined.first()).toMatchObject({ customer: { code: 'anna' } });
      expect(await objects(Total).all()).toEqual([{ customerId: anna.id, sum: 7 }]);
      expect(await invoices.aggregate({ labels: Count('labels') })).toEqual({ labels: 2 });
      const locked = await app.db.atomic(() => invoices.selectForUpdate().get({ code: 'a' }));
      expect(locked.amount).toBe(3);
    });

    it('change, remove and tell what goes along', async () => {
      const { anna, blue } = await sell();
      expect(await objects(Invoice).filter({ 'customer.code': 'anna' }).update({ amount: 9 })).toBe(2);
      const first = await objects(Invoice).get({ code: 'a' });
      await app.db.related(first, 'labels').set([blue]);
      expect((await app.db.related(first, 'labels').all()).map(({ text }) => text)).toEqual(['blue']);
      const effects = await objects(Customer).filter({ id: anna.id }).deletionEffects();
      expect(effects.map(({ kind, entity, count }) => `${kind} ${count} ${entity.name}`)).toEqual(
        expect.arrayContaining(['delete 1 Customer', 'delete 2 Invoice', 'unlink 1 Customer']),
      );
      await objects(Customer).filter({ id: anna.id }).delete();
      expect([await objects(Invoice).count(), await objects(Label).count()]).toEqual([0, 2]);
    });

    it('tell tables of one name apart in errors', async () => {
      await sell();
      await expect(objects(Invoice).create({ code: 'a' })).rejects.toThrow(/Invoice.*code/);
      await expect(objects(Customer).create({ code: 'anna' })).rejects.toThrow(/Customer.*code/);
    });

    it('are written by TypeORM itself, tables of pairs of one name included', async () => {
      const { red, blue } = await sell();
      const { manager } = app.db.dataSource;
      const customer = await manager.save(manager.create(Customer, { code: 'ben', labels: [blue] }));
      const invoice = manager.create(Invoice, { code: 'c', customer, labels: [red, blue], marks: [red] });
      await manager.save(invoice);
      const codes = async (of: Class, label: Label) => {
        const rows = (await objects(of).untyped().filter({ labels: label }).orderBy('code').all()) as {
          code: string;
        }[];
        return rows.map(({ code }) => code);
      };
      expect(await codes(Invoice, blue)).toEqual(['a', 'c']);
      expect(await codes(Customer, blue)).toEqual(['ben']);
      invoice.labels = [blue];
      await manager.save(invoice);
      expect(await codes(Invoice, red)).toEqual(['a']);
      const relations = { labels: true, marks: true };
      const found = await manager.findOneOrFail(Invoice, { where: { code: 'c' }, relations });
      expect(found).toMatchObject({ labels: [{ text: 'blue' }], marks: [{ text: 'red' }] });
      await manager.remove(found);
      expect(await manager.countBy(Invoice, { code: 'c' })).toBe(0);
    });

    it('hold trees', async () => {
      const { manager } = app.db.dataSource;
      const north = await manager.save(manager.create(Region, { name: 'north' }));
      const city = await manager.save(manager.create(Region, { name: 'city', parent: north }));
      expect((await app.db.tree(city).ancestors().all()).map(({ name }) => name)).toEqual(['north']);
      expect((await app.db.tree(north).descendants().all()).map(({ name }) => name)).toEqual(['city']);
    });

    it('go into fixtures and come back, with their counters', async () => {
      await sell();
      const { manager } = app.db.dataSource;
      const north = await manager.save(manager.create(Region, { name: 'north' }));
      await manager.save(manager.create(Region, { name: 'city', parent: north }));
      const fixtures = app.get(Fixtures);
      const text = await fixtures.dump();
      await app.get(Flusher).flush('default');
      expect(await objects(Invoice).count()).toBe(0);
      await fixtures.loadText(text);
      expect(await objects(Invoice).filter({ 'labels.text': 'blue', 'marks.text': 'blue' }).count()).toBe(1);
      expect((await objects(Invoice).create({ code: 'next' })).id).toBe(3);
      const again = await objects(Region).get({ name: 'city' });
      expect((await app.db.tree(again).ancestors().all()).map(({ name }) => name)).toEqual(['north']);
    });

    it('are checked, and are what the migrations say', async () => {
      const checked = await openOrm({
        database: url,
        entities: SHOP,
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
        app: { migrations: project.folder },
      });
      const { findings } = await checked.get(CheckRunner).run({ areas: ['orm'], database: true });
      expect(findings).toEqual([]);
      await app.db.query('ALTER TABLE sales.record ADD COLUMN more int');
      const report = new RecordedIo();
      await checked.get(CheckDriftCommand).run({ args: {}, options: {} }, report);
      await app.db.query('ALTER TABLE sales.record DROP COLUMN more');
      await checked.close();
      expect(report.lines).toEqual(['sales.record: column "more" is not known to the migrations']);
    });
  });

  describe('in migrations', () => {
    it('are made before their first table, and dropped when nothing is in them', async () => {
      const url = await fresh();
      const project = new EvolvingProject(url);
      const schemas = "SELECT nspname AS name FROM pg_namespace WHERE nspname IN ('sales', 'Odd \"one\"') ORDER BY 1";
      await project.with(SHOP, async (app) => {
        expect((await project.make(app)).text).toContain('exit 0');
        const text = project.read('0001_initial.ts');
        expect(text).toContain(`ops.createSchema('sales'),\n`);
        expect(text).toContain(`ops.createSchema('Odd "one"'),\n`);
        expect(text.lastIndexOf('createSchema')).toBeLessThan(text.indexOf('createEntity'));
        expect(text).toContain("schema: 'sales',");
        expect((await project.make(app, { check: true })).lines).toEqual(['No changes detected.', 'exit 0']);
        const sql = await project.run(app, SqlMigrateCommand, { app: 'shop', migration: '0001' });
        expect(sql.text).toContain('CREATE SCHEMA IF NOT EXISTS "Odd ""one""";');
        expect(sql.text).toContain('CREATE TABLE "sales"."record" (');
        expect(sql.text).toContain('REFERENCES "Odd ""one"""."record" ("id")');
        await project.migrate(app);
        expect(await project.show(app)).toContain('[X] 0001_initial');
        expect(await app.db.query(schemas)).toHaveLength(2);
        await app.db.query('CREATE SEQUENCE sales.somebodys');
        await project.migrate(app, 'zero');
        expect(await app.db.query(schemas)).toEqual([{ name: 'sales' }]);
        await project.migrate(app);
        await app.db.query('DROP SEQUENCE sales.somebodys');
        await project.migrate(app, 'zero');
        expect(await app.db.query(schemas)).toEqual([]);
      });
    });

    it('are left to whom they belong, and need no right to make schemas where they are', async () => {
      const url = await fresh();
      const role = `clerk_${Date.now()}`;
      await runScript('postgres', url, [
        `CREATE ROLE ${role} LOGIN PASSWORD 'x'`,
        'CREATE SCHEMA sales',
        `GRANT USAGE, CREATE ON SCHEMA sales, public TO ${role}`,
      ]);
      const own = new URL(url);
      Object.assign(own, { username: role, password: 'x' });
      const project = new EvolvingProject(own.href);
      await project.with(notes({ schema: 'sales' }), async (app) => {
        await project.make(app);
        await project.migrate(app);
        await project.migrate(app, 'zero');
        expect(await app.db.query("SELECT 1 AS there FROM pg_namespace WHERE nspname = 'sales'")).toHaveLength(1);
      });
      await runScript('postgres', url, [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`]);
    });

    it('are left and entered by tables with their rows and pairs, forth and back', async () => {
      const url = await fresh();
      const project = new EvolvingProject(url);
      const places = async (app: OrmTestApp): Promise<string[]> => {
        const rows = await app.db.query<{ place: string }[]>(
          "SELECT schemaname || '.' || tablename AS place FROM pg_tables WHERE tablename LIKE 'note%' ORDER BY 1",
        );
        return rows.map(({ place }) => place);
      };
      const rows = (app: OrmTestApp, table: string) =>
        app.db.query(`SELECT text, (SELECT COUNT(*)::int FROM ${table}_words) AS words FROM ${table}`);
      await project.evolve(notes());
      await runScript('postgres', url, [
        "INSERT INTO note (text) VALUES ('kept')",
        'INSERT INTO word DEFAULT VALUES',
        'INSERT INTO note_words VALUES (1, 1)',
      ]);
      await project.evolve(notes({ schema: 'far' }));
      expect(project.files).toContain('0002_schema_far_move_note_to_far.ts');
      expect(project.read('0002_schema_far_move_note_to_far.ts')).toContain(
        "operations: [ops.createSchema('far'), ops.moveTable('Note', 'far')]",
      );
      await project.evolve(notes({ schema: 'farther' }));
      await project.with(notes({ schema: 'farther' }), async (app) => {
        expect(await places(app)).toEqual(['farther.note', 'farther.note_words']);
        expect(await rows(app, 'farther.note')).toEqual([{ text: 'kept', words: 1 }]);
        expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
        await project.migrate(app, '0002');
        expect(await places(app)).toEqual(['far.note', 'far.note_words']);
        await project.migrate(app, '0001');
        expect(await places(app)).toEqual(['public.note', 'public.note_words']);
        expect(await rows(app, 'note')).toEqual([{ text: 'kept', words: 1 }]);
        await project.migrate(app);
      });
      await project.evolve(notes());
      await project.with(notes(), async (app) => {
        expect(await places(app)).toEqual(['public.note', 'public.note_words']);
        expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
      });
      await project.evolve(notes({ pairs: 'links' }));
      await project.with(notes({ pairs: 'links' }), async (app) => {
        expect(await places(app)).toEqual(['links.note_words', 'public.note']);
        expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
        await project.migrate(app, '0004');
        expect(await places(app)).toEqual(['public.note', 'public.note_words']);
        await project.migrate(app);
        await project.migrate(app, 'zero');
        expect(await places(app)).toEqual([]);
      });
    });

    it('stay when entities, columns and indexes in them get other names, or go', async () => {
      const url = await fresh();
      const project = new EvolvingProject(url);
      await project.evolve(notes({ schema: 'far' }));
      await project.evolve(notes({ schema: 'far', indexed: true }));
      await project.evolve(notes({ schema: 'far' }));
      await project.evolve(notes({ schema: 'far', name: 'Letter' }), { rename: ['shop.Note:Letter'] });
      expect(project.read(project.files.at(-1)!)).toContain("ops.renameEntity('Note', 'Letter')");
      await project.with(notes({ schema: 'far', name: 'Letter' }), async (app) => {
        expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
        await project.migrate(app, 'zero');
        await project.migrate(app);
        const squashed = await project.run(app, SquashMigrationsCommand, { app: 'shop', migrations: ['0001', '0004'] });
        expect(squashed.errors).toEqual([]);
      });
      const file = project.files.find((name) => name.includes('squashed'))!;
      expect(project.read(file)).toMatch(/ops\.createSchema\('far'\),\s+ops\.createEntity\('/);
      expect(project.read(file)).not.toContain('renameEntity');
    });

    it('hold indexes that go while others write, and entities as they were', async () => {
      const url = await fresh();
      const project = new EvolvingProject(url);
      await project.evolve(notes({ schema: 'far' }));
      project.write(
        '0002_index.ts',
        `import { Migration, ops } from 'bowerbird/orm';
export default new Migration({ operations: [
  ops.addIndex('Note', { name: 'by_text', fields: ['text'] }),
  ops.online(ops.addIndex('Note', { name: 'by_id', fields: ['id', 'text'] })),
  ops.renameField('Note', 'text', 'words2'),
  ops.removeIndex('Note', { name: 'by_text', fields: ['words2'] }),
  ops.online(ops.removeIndex('Note', { name: 'by_id', fields: ['id', 'words2'] })),
  ops.renameField('Note', 'words2', 'text'),
  ops.code(async (_, { entities }) => {
    const notes = entities.get('Note');
    await notes.insert([{ text: 'a' }, { id: 9, text: 'b' }]);
    await notes.insert([{ text: 'c' }]);
    await entities.get('Word').insert([{ text: 'w' }]);
    await entities.pairs('Note', 'words').insert([{ noteId: 9, wordId: 1 }]);
  }, async () => {}),
  ops.data('Note', {
    forward: async (rows, { entities }) => {
      await entities.get('Note').update(rows.map((row) => ({ ...row, text: row.text + '!' })));
    },
    backward: null,
  }),
] });\n`,
      );
      await project.with(notes({ schema: 'far' }), async (app) => {
        await project.migrate(app);
        expect(await app.db.query('SELECT id, text FROM far.note ORDER BY id')).toEqual([
          { id: 1, text: 'a!' },
          { id: 9, text: 'b!' },
          { id: 10, text: 'c!' },
        ]);
        expect(await app.db.query("SELECT 1 FROM pg_indexes WHERE indexname LIKE 'by_%'")).toEqual([]);
        await project.migrate(app, 'zero');
      });
    });

    it('hold what is there already', async () => {
      const url = await fresh();
      const project = new EvolvingProject(url);
      await project.evolve(SHOP);
      await runScript('postgres', url, ['DROP TABLE bowerbird_migrations']);
      await project.with(SHOP, async (app) => {
        await project.migrate(app, undefined, { fakeInitial: true });
        expect(await project.show(app)).toContain('[X] 0001_initial');
      });
      const drop = ['DROP TABLE bowerbird_migrations', 'ALTER TABLE sales.record DROP COLUMN amount'];
      await runScript('postgres', url, drop);
      await project.with(SHOP, async (app) => {
        const again = project.migrate(app, undefined, { fakeInitial: true });
        await expect(again).rejects.toThrow('sales.record: column "amount" is missing');
      });
    });

    it('may be named although they are those of the connection', async () => {
      const url = await fresh();
      const project = new EvolvingProject(url);
      await project.evolve(notes({ schema: 'public' }));
      await project.with(notes({ schema: 'public' }), async (app) => {
        expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
        await project.migrate(app, 'zero');
        expect(await app.db.query("SELECT 1 AS there FROM pg_namespace WHERE nspname = 'public'")).toHaveLength(1);
      });
    });

    it('stand beside the one that the URL of the connection names', async () => {
      const url = await fresh();
      await runScript('postgres', url, ['CREATE SCHEMA own']);
      const project = new EvolvingProject(`${url}?schema=own`);
      await project.evolve(notes({ schema: 'own' }));
      expect(project.read('0001_initial.ts')).not.toContain('schema');
      await project.evolve(notes({ schema: 'far' }));
      const entities = notes({ schema: 'far' });
      await project.with(entities, async (app) => {
        const [Note, Word] = entities as [Class<{ id: number }>, Class];
        const note = await app.db.objects(Note).create({ text: 'a' } as never);
        await app.db.related(note, 'words' as never).add(await app.db.objects(Word).create({}));
        expect(await app.db.query('SELECT * FROM far.note_words')).toHaveLength(1);
        expect(await app.db.query('SELECT * FROM own.word')).toHaveLength(1);
        expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
        expect(await app.get(Flusher).flush('default')).toBe(3);
        await project.migrate(app, '0001');
        expect(await app.db.query('SELECT * FROM own.note_words')).toEqual([]);
        await project.migrate(app, 'zero');
      });
    });

    it('are refused with names that would become others', async () => {
      @Entity({ schema: 'a.b' })
      class Dotted {
        @PrimaryGeneratedColumn() id: number;
        @ManyToMany(() => Dotted) @JoinTable({ name: 'c.d', schema: 'ä'.repeat(32) }) others: Dotted[];
      }
      const app = await openOrm({
        database: SERVERS.postgres!,
        entities: [Dotted],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
      });
      const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
      await app.close();
      const refused = findings.filter(({ id }) => id === 'orm.E081');
      expect(refused.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^Dotted has the option schema \(a\.b\).*takes each part/),
        expect.stringMatching(/^The table of Dotted.others has the option schema \(ä+\).*after 63 bytes/),
        expect.stringMatching(/^The table of Dotted.others has the option name \(c\.d\)/),
      ]);
    });

    it('have names of any letters, as tables have', async () => {
      const letters = ['a', 'B', '"', "'", '$$', '%s', ' ', '\\', '?', '$1', 'ü', '☃', '--', ';', '/*', '`', '('];
      let seed = 7;
      const pick = (): string => letters[(seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % letters.length]!;
      const name = (end: string): string => `${Array.from({ length: 5 }, pick).join('')}${end}`;
      for (let round = 0; round < 3; round += 1) {
        const project = new EvolvingProject(await fresh());
        const names = { name: `Note${round}`, table: name('t') };
        const places = [name('1'), name('2'), undefined].map((schema) => notes({ ...names, schema }));
        for (const entities of places) await project.evolve(entities);
        await project.with(places[0]!, async (app) => {
          expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
          await project.migrate(app, '0001');
          expect(await drift(project, app)).toEqual(AS_IT_SHOULD_BE);
          const [Note, Word] = places[0] as [Class, Class];
          const word = await app.db.objects(Word).create({});
          await app.db.dataSource.manager.save(Object.assign(new Note(), { text: 'a', words: [word] }));
          expect(await app.db.objects(Note).untyped().filter({ words: word }).count()).toBe(1);
          await project.migrate(app, 'zero');
        });
      }
    });

    it('are made with the tables of entities, without migrations', async () => {
      const app = await openOrm({ database: await fresh(), entities: SHOP, synchronize: false });
      expect(await syncSchema(app.db)).toContain('sales.record');
      expect(await syncSchema(app.db)).toEqual([]);
      const rows = app.db.objects(Label);
      const [red] = await rows.bulkCreate([{ text: 'red' }]);
      await rows.bulkCreate([{ id: red!.id, text: 'pink' }], { onConflict: { update: ['text'], unique: ['pk'] } });
      expect(await rows.flat('text').all()).toEqual(['pink']);
      expect(await rows.bulkUpdate([Object.assign(red!, { text: 'blue' })], ['text'])).toBe(1);
      for await (const row of rows.stream()) expect(row.text).toBe('blue');
      await app.close();
    });

    it('are not made by databases that have none', async () => {
      const project = new EvolvingProject('sqlite::memory:');
      project.write(
        '0001_initial.ts',
        `import { Migration, ops } from 'bowerbird/orm';
export default new Migration({ operations: [
  ops.createSchema('far'),
  ops.createEntity('Note', { table: 'note', schema: 'far', fields: { id: ops.id() } }),
] });\n`,
      );
      await project.with([], async (app) => {
        await expect(project.migrate(app)).rejects.toMatchObject({
          code: 'orm.unsupported_schema',
          message: expect.stringContaining('sqlite has no schemas (the table far.note)') as string,
        });
      });
    });
  });

  it('are made in those databases alone that have tables of their app', async () => {
    @Entity({ schema: 'crm' })
    class Person {
      @PrimaryGeneratedColumn() id: number;
    }
    @Entity()
    class Visit {
      @PrimaryGeneratedColumn() id: number;
    }
    const people = new Migration({
      operations: [
        ops.createSchema('crm'),
        ops.createEntity('Person', { table: 'person', schema: 'crm', fields: { id: ops.id() } }),
      ],
    });
    const visits = new Migration({
      dependencies: [['people', '0001_initial']],
      operations: [ops.createEntity('Visit', { table: 'visit', fields: { id: ops.id() } })],
    });
    @App({ name: 'people', entities: [Person], migrations: [['0001_initial', people]] })
    @Module({})
    class People {}
    @App({ name: 'visits', database: 'archive', entities: [Visit], migrations: [['0001_initial', visits]] })
    @Module({})
    class Visits {}

    const settings = { apps: [People, Visits], database: await fresh(), databases: { archive: await fresh() } };
    const config = resolveOrm(settings, new SettingsProblems(), { root: pathToFileURL('/srv/') });
    const module = await Test.createTestingModule({ imports: [OrmModule.forRoot(config), People, Visits] }).compile();
    await module.init();
    const made = async (alias: string): Promise<number> => {
      await module.get(Migrator).migrate({ database: alias });
      const rows = await module.get(Databases).get(alias).query("SELECT 1 FROM pg_namespace WHERE nspname = 'crm'");
      return (rows as unknown[]).length;
    };
    expect([await made('archive'), await made('default')]).toEqual([0, 1]);
    await module.close();
  });

  it('become entities, and a migration that makes equal ones elsewhere', async () => {
    const [url, empty] = [await fresh(), await fresh()];
    await runScript('postgres', url, [
      'CREATE SCHEMA sales',
      'CREATE SCHEMA "Old Stock"',
      "CREATE TYPE sales.mood AS ENUM ('good', 'bad')",
      'CREATE TYPE "Old Stock".mood AS ENUM (\'new\')',
      'CREATE TABLE customer (id serial PRIMARY KEY, name text NOT NULL)',
      'CREATE TABLE sales.invoice (id serial PRIMARY KEY, mood sales.mood, customer_id int REFERENCES customer, total int CHECK (total > 0))',
      'CREATE INDEX invoice_sums ON sales.invoice ((total + 1))',
      'CREATE TABLE "Old Stock".invoice (id serial PRIMARY KEY, mood "Old Stock".mood, of_id int UNIQUE REFERENCES sales.invoice)',
      'CREATE TABLE sales.pairs (invoice_id int REFERENCES sales.invoice, old_id int REFERENCES "Old Stock".invoice, PRIMARY KEY (invoice_id, old_id))',
      'CREATE VIEW sales.big AS SELECT id, total FROM sales.invoice WHERE total > 100',
    ]);
    const project = new LegacyProject(() => url);
    const inspect = async (options: Record<string, unknown>): Promise<RecordedIo> => {
      const looking = await openOrm({ database: url, entities: [], synchronize: false });
      const io = new RecordedIo();
      const all = { app: 'old', output: project.path('old'), views: true, ...options };
      await looking.get(InspectDbCommand).run({ args: {}, options: all }, io);
      await looking.close();
      return io;
    };
    expect((await inspect({ dryRun: true })).text).toContain("@Entity('customer')");
    const alone = await inspect({ dryRun: true, schema: 'sales' });
    expect(alone.text).toContain('refers to "customer", which is not inspected');
    const io = await inspect({ schema: ['public,sales', 'Old Stock'] });
    expect(io.text).toContain('4 entities, 3 relations, 2 enums.');
    expect(project.read('old', 'invoice.entity.ts')).toContain('@Entity({ name: "invoice", schema: "sales" })');
    expect(project.read('old', 'old-stock-invoice.entity.ts')).toContain('schema: "Old Stock"');
    const boot = async (at: string): Promise<OrmTestApp> => {
      const { OldModule: _, ...exported } = await project.import<Record<string, Class>>('old/index.ts');
      const entities = Object.values(exported).filter((each) => typeof each === 'function');
      const migrations = pathToFileURL(`${project.path('old', 'migrations')}/`);
      return openOrm({ database: at, entities, synchronize: false, app: { name: 'old', migrations } });
    };
    const run = async (
      app: OrmTestApp,
      command: Class,
      options: Record<string, unknown>,
    ): Promise<readonly string[]> => {
      const said = new RecordedIo();
      await (app.get(command) as MigrateCommand).run({ args: {}, options }, said);
      return said.lines;
    };
    const there = await boot(url);
    expect(await run(there, MakeMigrationsCommand, { check: true })).toEqual(['No changes detected.']);
    await run(there, MigrateCommand, { fakeInitial: true });
    expect(await run(there, CheckDriftCommand, {})).toEqual(AS_IT_SHOULD_BE.slice(0, 1));
    await there.close();
    const elsewhere = await boot(empty);
    await run(elsewhere, MigrateCommand, {});
    expect(await run(elsewhere, CheckDriftCommand, {})).toEqual(AS_IT_SHOULD_BE.slice(0, 1));
    expect(await elsewhere.db.query('SELECT * FROM sales.big')).toEqual([]);
    await elsewhere.get(MigrateCommand).run({ args: { app: 'old', migration: 'zero' }, options: {} }, new RecordedIo());
    await elsewhere.close();
  });
});

describe('other databases', () => {
  it.each(DIALECTS.filter((dialect) => dialect !== 'postgres'))('%s: refuse schemas at the start', async (dialect) => {
    @Entity({ schema: 'far' })
    class Distant {
      @PrimaryGeneratedColumn() id: number;
      @ManyToMany(() => Distant) @JoinTable({ name: 'near', schema: 'far' }) others: Distant[];
    }
    @Entity({ name: 'a.b', database: 'far' })
    class Dotted {
      @PrimaryGeneratedColumn() id: number;
    }
    const app = await openOrm({
      database: SERVERS[dialect] ?? 'sqlite::memory:',
      entities: [Distant, Dotted],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    const io = new RecordedIo();
    const inspect = app.get(InspectDbCommand).run({ args: {}, options: { dryRun: true, schema: 'far' } }, io);
    await expect(inspect).rejects.toThrow('has no schemas');
    await app.close();
    expect(findings.filter(({ id }) => id === 'orm.E081').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Distant has the option schema \(far\).*PostgreSQL alone/),
      expect.stringMatching(/^The table of Distant.others has the option schema \(far\)/),
      expect.stringMatching(/^Dotted has the option database \(far\)/),
      expect.stringMatching(/^Dotted has the option name \(a\.b\)/),
    ]);
  });
});
