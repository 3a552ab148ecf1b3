import { writeFileSync } from 'node:fs';

import { type Class } from 'bowerbird/core';
import { DriftFinder } from 'bowerbird/orm';
import { Column, Entity, Exclusion, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const OVERLAP = 'USING gist (int4range("first", "last") WITH &&)';

/** Nights in a room: with a comment, and without two that overlap. */
function stays(comment?: string, exclusive = false): readonly Class[] {
  @Entity({ ...(comment !== undefined && { comment }) })
  class Stay {
    @PrimaryGeneratedColumn() id: number;
    @Column() first: number;
    @Column() last: number;
  }
  if (exclusive) Exclusion('no_overlap', OVERLAP)(Stay);
  return [Stay];
}

const COMMENTS = {
  postgres: "SELECT obj_description(to_regclass('stay')) AS comment",
  mysql:
    "SELECT table_comment AS comment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'stay'",
} as const;

describe('comments and constraints of tables', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('are written, changed and taken back: comments', async () => {
      const project = new EvolvingProject(suite.url);
      const comment = async (): Promise<unknown> =>
        project.with([], async (app) => {
          expect((await app.get(DriftFinder).find()).differences).toEqual([]);
          if (suite.dialect === 'sqlite') return null;
          return (await app.db.query<{ comment: string }[]>(COMMENTS[suite.dialect]))[0]!.comment;
        });
      const none = suite.dialect === 'mysql' ? '' : null;
      const told = (text: string) => (suite.dialect === 'sqlite' ? null : text);
      await project.evolve(stays("it's nights"));
      expect(project.read(project.files[0]!)).toContain(`comment: "it's nights"`);
      expect(await comment()).toBe(told("it's nights"));
      await project.evolve(stays('nights'));
      expect(project.read(project.files[1]!)).toContain("ops.commentTable('Stay', 'nights')");
      expect(await comment()).toBe(told('nights'));
      await project.evolve(stays());
      expect(await comment()).toBe(none);
      await project.with(stays(), async (app) => {
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        await project.migrate(app, '0001');
      });
      expect(await comment()).toBe(told("it's nights"));
    });

    it('keep rows from overlapping on PostgreSQL, and are refused elsewhere: exclusions', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve(stays());
      await project.with(stays(undefined, true), async (app) => {
        const { errors } = await project.make(app);
        const unsupported = errors.filter((line) => line.endsWith('[not-supported]'));
        expect(unsupported).toHaveLength(suite.dialect === 'postgres' ? 0 : 1);
        expect(project.read(project.files[1]!)).toContain("ops.addExclusion('Stay'");
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        if (suite.dialect !== 'postgres') {
          await expect(project.migrate(app)).rejects.toMatchObject({
            code: 'orm.unsupported_schema',
            message: `${suite.dialect} has no exclusion constraint (no_overlap)`,
          });
          expect(await project.show(app)).toContain('[ ] 0002');
          return;
        }
        await project.migrate(app);
        await app.db.query('INSERT INTO stay (first, last) VALUES (1, 5)');
        await expect(app.db.query('INSERT INTO stay (first, last) VALUES (4, 6)')).rejects.toMatchObject({
          code: 'orm.exclusion',
          constraint: 'no_overlap',
          fields: ['first', 'last'],
        });
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        await app.db.query('ALTER TABLE stay DROP CONSTRAINT no_overlap');
        expect((await app.get(DriftFinder).find()).differences).toMatchObject([
          { subject: 'exclusion', name: 'no_overlap', state: 'missing' },
        ]);
        await app.db.query(`ALTER TABLE stay ADD CONSTRAINT no_overlap EXCLUDE ${OVERLAP}`);
        await project.migrate(app, '0001');
        await app.db.query('INSERT INTO stay (first, last) VALUES (4, 6)');
      });
    });

    it('keep rows unique as far as a condition holds, on MySQL by a column that nobody sees', async () => {
      const project = new EvolvingProject(suite.url);
      writeFileSync(
        new URL('0001_initial.ts', project.folder),
        `import { Migration, ops } from 'bowerbird/orm';
         export default new Migration({ operations: [
           ops.createEntity('Stay', { table: 'stay', fields: { id: ops.id(), first: ops.integer(), open: ops.boolean() } }),
           ops.addIndex('Stay', { fields: ['first'], name: 'once_open', unique: true, where: 'open' }),
         ] });`,
      );
      await project.with([], async (app) => {
        await project.migrate(app);
        const [yes, no] = suite.dialect === 'postgres' ? ['true', 'false'] : ['1', '0'];
        await app.db.query(`INSERT INTO stay (first, open) VALUES (1, ${yes}), (1, ${no}), (1, ${no})`);
        await expect(app.db.query(`INSERT INTO stay (first, open) VALUES (1, ${yes})`)).rejects.toThrow();
        const rows = await app.db.query<object[]>('SELECT * FROM stay');
        expect(rows.map((row) => Object.keys(row).join())).toEqual(Array(3).fill('id,first,open'));
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
      });
    });
  });
});
