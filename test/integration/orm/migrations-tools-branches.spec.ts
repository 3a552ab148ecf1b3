import { CheckRunner, CoreModule, SecretKeys } from 'bowerbird/core';
import { Migrator } from 'bowerbird/orm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

const migration = (operations: string, more = ''): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ ${more} operations: [${operations}] });\n`;
const after = (...names: readonly string[]): string =>
  `dependencies: [${names.map((name) => `['shop', '${name}']`).join(', ')}],`;

const NOTE = "ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } })";
const FIELD = (name: string): string => `ops.addField('Note', '${name}', ops.string({ default: '' }))`;
const TABLE = (name: string): string =>
  `ops.createEntity('${name}', { table: '${name.toLowerCase()}', fields: { id: ops.id() } })`;

/** Two people started from 0001 and each wrote a 0002. */
const BRANCHES = {
  '0001_initial.ts': migration(NOTE),
  '0002_left.ts': migration(FIELD('left'), after('0001_initial')),
  '0002_right.ts': migration(TABLE('Tag'), after('0001_initial')),
};

describe('branches of a history', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) made.write(name, text);
      return made;
    };

    it('are refused until they are merged, whichever of them a database has', async () => {
      const made = project({ '0001_initial.ts': BRANCHES['0001_initial.ts'] });
      await made.with([], (app) => made.migrate(app));
      made.write('0002_right.ts', BRANCHES['0002_right.ts']);
      await made.with([], (app) => made.migrate(app));
      made.write('0002_left.ts', BRANCHES['0002_left.ts']);
      await made.with([], async (app) => {
        const conflict = {
          code: 'orm.migration_conflict',
          message: 'App "shop" has 2 last migrations: 0002_left, 0002_right',
          hint: 'Join them: makemigrations shop --merge. Or put one behind the other: rebasemigrations shop',
        };
        await expect(made.migrate(app)).rejects.toMatchObject(conflict);
        await expect(made.migrate(app, undefined, { plan: true })).rejects.toMatchObject(conflict);
        await expect(made.make(app)).rejects.toMatchObject(conflict);
        expect(await made.show(app)).toBe('shop\n [X] 0001_initial\n [ ] 0002_left\n [X] 0002_right');
        const io = await made.make(app, { merge: true });
        expect(io.lines.slice(0, 1)).toEqual(['shop: 0003_merge_0002_left_0002_right']);
      });
      expect(made.read('0003_merge_0002_left_0002_right.ts')).toBe(
        `import { Migration } from 'bowerbird/orm';

export default new Migration({
  dependencies: [
    ['shop', '0002_left'],
    ['shop', '0002_right'],
  ],
  operations: [],
});
`,
      );
      await made.with([], async (app) => {
        expect((await made.make(app, { merge: true })).text).toBe('No changes detected.\nexit 0');
        await made.migrate(app);
        expect(await app.db.query('SELECT * FROM note')).toEqual([]);
        expect((await app.get(Migrator).status()).map(({ status }) => status)).toEqual(Array(4).fill('applied'));
      });
    });

    it('are taken back one at a time', async () => {
      const made = project({ ...BRANCHES, '0003_merge.ts': migration('', after('0002_left', '0002_right')) });
      await made.with([], async (app) => {
        await made.migrate(app);
        expect((await made.migrate(app, '0002_left')).lines.filter((line) => line.startsWith('Taking'))).toEqual([
          'Taking back shop 0003_merge',
        ]);
        await expect(made.migrate(app, '0002')).rejects.toMatchObject({
          code: 'orm.unknown_migration',
          hint: 'Known migrations: 0002_left, 0002_right',
        });
        await made.migrate(app, '0001');
        expect(await made.show(app)).toBe('shop\n [X] 0001_initial\n [ ] 0002_left\n [ ] 0002_right\n [ ] 0003_merge');
        await expect(app.db.query('SELECT * FROM tag')).rejects.toThrow();
      });
    });

    it('that touch the same entity are merged only by consent', async () => {
      const made = project({ ...BRANCHES, '0002_right.ts': migration(FIELD('size'), after('0001_initial')) });
      await made.with([], async (app) => {
        const question = '0002_left and 0002_right both touch shop.Note. Is their order indifferent?';
        await expect(made.make(app, { merge: true })).rejects.toMatchObject({
          code: 'orm.migration_question',
          message: question,
          hint: expect.stringContaining('--any-order shop.0002_left+0002_right'),
        });
        const no = new RecordedIo(['n']);
        await expect(made.make(app, { merge: true }, no)).rejects.toMatchObject({ code: 'orm.migration_question' });
        expect(no.questions).toEqual([`${question} [y/N]`]);
        expect(made.files).toHaveLength(3);
        await made.make(app, { merge: true, name: 'both', anyOrder: ['shop.0002_left+0002_right'] });
        expect(made.files.at(-1)).toBe('0003_both.ts');
      });
    });

    it('with SQL of their own are merged only by consent, because it may touch anything', async () => {
      const made = project({
        ...BRANCHES,
        '0002_right.ts': migration("ops.sql('SELECT 1', [])", after('0001_initial')),
      });
      await made.with([], async (app) => {
        await expect(made.make(app, { merge: true })).rejects.toMatchObject({
          message: expect.stringContaining('both touch what 0002_right runs of its own'),
        });
      });
    });

    it('that come to other tables when they change places are never merged', async () => {
      const same = "ops.alterField('Note', 'text', ops.string({ length: 9 }))";
      const other = "ops.alterField('Note', 'text', ops.text())";
      const cases: readonly (readonly [string, string, RegExp])[] = [
        [same, other, /0002_left and 0002_right come to other tables when they change places: shop.Note/],
        [FIELD('size'), FIELD('size'), /0002_left, then 0002_right does not work: .* has a field "size" already/],
        ["ops.dropEntity('Note')", FIELD('size'), /does not work: .*no entity shop.Note/],
      ];
      for (const [left, right, message] of cases) {
        const made = project({
          ...BRANCHES,
          '0002_left.ts': migration(left, after('0001_initial')),
          '0002_right.ts': migration(right, after('0001_initial')),
        });
        await made.with([], async (app) => {
          await expect(made.make(app, { merge: true, anyOrder: ['all'] })).rejects.toMatchObject({
            code: 'orm.migration_merge',
            message: expect.stringMatching(message),
          });
          expect(made.files).toHaveLength(3);
        });
      }
    });

    it('are told by the checks', async () => {
      const made = project(BRANCHES);
      const app = await openOrm({
        database: suite.url,
        entities: [],
        synchronize: false,
        app: { migrations: made.folder },
        imports: [CoreModule.forRoot(new SecretKeys('0123456789abcdef'.repeat(4)))],
      });
      const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
      expect(findings).toContainEqual(
        expect.objectContaining({
          id: 'orm.E020',
          hint: 'Join them: makemigrations shop --merge. Or put one behind the other: rebasemigrations shop',
        }),
      );
      await app.close();
    });

    it('that do not say what they follow are refused, and so is what does not exist', async () => {
      const cases: readonly (readonly [Record<string, string>, string, string])[] = [
        [
          { ...BRANCHES, '0003_next.ts': migration('') },
          'orm.migration_history',
          'shop.0003_next does not say which one it follows: 0002_left or 0002_right',
        ],
        [
          { '0001_initial.ts': migration(NOTE), '0002_b.ts': migration('', after('0001_initia')) },
          'orm.migration_dependency',
          'shop.0002_b depends on shop.0001_initia, which does not exist. Did you mean "shop.0001_initial"?',
        ],
        [
          { '0001_a.ts': migration('', after('0002_b')), '0002_b.ts': migration('', after('0001_a')) },
          'orm.migration_dependency',
          'Migrations depend on each other in a circle: shop.0001_a → shop.0002_b → shop.0001_a',
        ],
      ];
      for (const [files, code, message] of cases) {
        const made = project(files);
        await made.with([], async (app) => {
          await expect(made.migrate(app)).rejects.toMatchObject({ code, message });
        });
      }
    });

    it('may be ordered from the other side, with runBefore', async () => {
      const made = project({
        '0001_initial.ts': migration(NOTE),
        '0002_late.ts': migration(FIELD('late'), after('0001_initial')),
        '0002_new.ts': migration(FIELD('early'), `${after('0001_initial')} runBefore: [['shop', '0002_late']],`),
      });
      await made.with([], async (app) => {
        await made.migrate(app);
        expect((await app.get(Migrator).status()).map(({ name }) => name)).toEqual([
          '0001_initial',
          '0002_new',
          '0002_late',
        ]);
      });
    });
  });
});
