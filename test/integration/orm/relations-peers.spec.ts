import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import { QUERY_LOG, runInContext, runWith, type QueryRecord } from 'bowerbird/core';
import { load } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { Article, fillPress, openPress, Remark, Team, Writer } from './relations.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openPress(database.url);
    await fillPress(app);
  });
  afterAll(() => app?.close());

  const articles = () => app.db.objects(Article).orderBy('id');
  const writers = () => app.db.objects(Writer).orderBy('id');

  async function count<T>(work: () => Promise<T>): Promise<[T, number]> {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.length];
  }

  describe('a relation that is a promise', () => {
    it('is loaded for all rows of the result by one statement', async () => {
      const rows = await articles().all();
      const [names, sent] = await count(async () => {
        const found: string[] = [];
        for (const row of rows) found.push((await row.writer).name);
        return found;
      });
      expect(names).toEqual(['Ada', 'Bo', 'Cy', 'Ada', 'Bo', 'Cy']);
      expect(sent).toBe(1);
      expect(await rows[0]!.writer).toBe(await rows[3]!.writer);
      expect(await rows[0]!.writer).toBeInstanceOf(Writer);
    });

    it('is loaded once for rows that are awaited together', async () => {
      const rows = await articles().all();
      const [found, sent] = await count(() => Promise.all(rows.map((row) => row.writer)));
      expect([found.length, sent]).toEqual([6, 1]);
    });

    it('goes on: what was loaded together is a result of its own', async () => {
      const rows = await articles().all();
      const [names, sent] = await count(async () => {
        const found: (string | undefined)[] = [];
        for (const row of rows) found.push((await (await row.writer).team)?.name);
        return found;
      });
      expect(names).toEqual(['News', 'Sports', undefined, 'News', 'Sports', undefined]);
      expect(sent).toBe(2);
    });

    it('leads to many rows, with an end or without one on the other side', async () => {
      const rows = await writers().all();
      const [titles, sent] = await count(async () => (await Promise.all(rows.map((row) => row.articles))).flat());
      expect([titles.length, sent]).toEqual([6, 1]);
      const all = await articles().all();
      const [labels, more] = await count(() => Promise.all(all.map((row) => row.labels)));
      expect(labels.map(({ length }) => length)).toEqual([0, 1, 2, 0, 1, 2]);
      expect(more).toBe(1);
    });

    it('is there already when the query loaded it', async () => {
      const rows = await articles().selectRelated('writer').prefetchRelated('labels').all();
      const [found, sent] = await count(async () => [await rows[0]!.writer, await rows[2]!.labels] as const);
      expect(found[0].name).toBe('Ada');
      expect(found[1]).toHaveLength(2);
      expect(sent).toBe(0);
    });

    it('serves pages, chunks and single rows', async () => {
      const { rows } = await articles().page({ size: 4 });
      expect((await count(() => Promise.all(rows.map((row) => row.writer))))[1]).toBe(1);
      const [, sent] = await count(async () => {
        for await (const row of articles().iterator({ chunk: 3 })) await row.writer;
      });
      expect(sent).toBe(3 + 2);
      expect((await (await articles().get({ title: 'Article 1' })).writer).name).toBe('Bo');
    });

    it('can be set and saved', async () => {
      const [, second] = await articles().all();
      const [ada, bo] = await writers().all();
      second!.writer = Promise.resolve(ada!);
      await app.db.save(second!);
      expect((await (await articles().get({ id: second!.id })).writer).name).toBe('Ada');
      second!.writer = Promise.resolve(bo!);
      await app.db.dataSource.getRepository(Article).save(second!);
      expect(await articles().filter({ 'writer.name': 'Bo' }).count()).toBe(2);
      second!.title = 'Article 1!';
      const fresh = await articles().get({ id: second!.id });
      await app.db.save(Object.assign(fresh, { title: 'Article 1' }));
      expect((await (await articles().get({ id: second!.id })).writer).name).toBe('Bo');
    });

    it('tries again after a failure', async () => {
      const [row] = await articles().slice(0, 1).all();
      const quote = (name: string): string => app.db.dataSource.driver.escape(name);
      await app.db.query(`ALTER TABLE ${quote('label')} RENAME TO ${quote('label_gone')}`);
      await expect(row!.labels).rejects.toThrow('label');
      await app.db.query(`ALTER TABLE ${quote('label_gone')} RENAME TO ${quote('label')}`);
      await sleep(0);
      expect(await row!.labels).toEqual([]);
    });
  });

  describe('load', () => {
    it('loads a plain relation for all rows, and once', async () => {
      const rows = await articles().all();
      expect(rows[0]!.team).toBeUndefined();
      const [team, sent] = await count(() => load(rows[0]!, 'team'));
      expect(team!.name).toBe('News');
      expect(sent).toBe(1);
      expect(rows.map((row) => row.team?.name)).toEqual(['News', 'News', 'News', 'News', undefined, undefined]);
      expect(rows[5]!.team).toBeNull();
      expect((await count(() => load(rows[1]!, 'team')))[1]).toBe(0);
    });

    it('takes the key where it is a property of the row', async () => {
      const rows = await articles().all();
      const log: QueryRecord[] = [];
      const editor = await runWith(QUERY_LOG, log, () => load(rows[0]!, 'editor'));
      expect(editor!.name).toBe('Ada');
      expect(rows.map((row) => row.editor?.name)).toEqual(['Ada', undefined, 'Ada', undefined, 'Ada', undefined]);
      expect(log).toHaveLength(1);
      expect(log[0]!.sql).not.toMatch(/article/i);
    });

    it('loads relations to many rows, and for rows that are new', async () => {
      const rows = await articles().all();
      expect((await load(rows[0]!, 'remarks')).map(({ text }) => text)).toEqual(['Remark 0']);
      expect(rows[5]!.remarks).toEqual([]);
      const made = await app.db.save(Object.assign(new Remark(), { text: 'New', article: rows[1] }));
      const bare = Object.assign(new Remark(), { id: made.id });
      expect((await app.db.load(bare, 'article'))!.id).toBe(rows[1]!.id);
      await app.db.remove(made);
      await expect(app.db.load(new Remark(), 'article')).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(app.db.load(bare, 'nothing' as never)).rejects.toMatchObject({ code: 'orm.unknown_path' });
    });
  });

  describe('strict', () => {
    const unloaded = expect.objectContaining({ code: 'orm.unloaded_relation' }) as Error;

    it('makes touching what was not loaded an error', async () => {
      const [row] = await articles().strict().all();
      expect(() => row!.team).toThrow(unloaded);
      await expect(row!.writer).rejects.toThrow('"writer" of this Article was not loaded');
      const [joined] = await articles().strict().selectRelated('team', 'writer').prefetchRelated('remarks').all();
      expect(joined!.team!.name).toBe('News');
      expect((await joined!.writer).name).toBe('Ada');
      expect(joined!.remarks).toHaveLength(1);
      expect(() => joined!.remarks[0]!.article).not.toThrow();
      await expect((await joined!.writer).team).rejects.toThrow(unloaded);
    });

    it('leaves what is asked for and what is saved alone', async () => {
      const [row] = await articles().strict().all();
      expect((await load(row!, 'team'))!.name).toBe('News');
      expect(row!.team!.name).toBe('News');
      const [other] = await articles().strict().slice(1, 1).all();
      other!.title = 'Article 1';
      await app.db.save(other!);
      expect((await articles().selectRelated('team').get({ id: other!.id })).team!.name).toBe('News');
      expect(JSON.stringify(other)).toContain('Article 1');
    });
  });
});

describe('the settings of loading', () => {
  let app: OrmTestApp;
  const warnings: string[] = [];
  beforeAll(async () => {
    app = await openPress('sqlite::memory:', { orm: { lazyLoading: 'strict' }, production: false });
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (message: string) => void warnings.push(message),
    });
    await fillPress(app);
  });
  afterAll(async () => {
    Logger.overrideLogger(['error', 'warn']);
    await app?.close();
  });

  it('make every query strict, except where it says otherwise', async () => {
    const [row] = await app.db.objects(Article).all();
    expect(() => row!.team).toThrow('was not loaded');
    const [free] = await app.db.objects(Article).strict(false).all();
    expect(free!.team).toBeUndefined();
    expect((await free!.writer).name).toBe('Ada');
  });

  it('report a place that loads row by row, once, in development', async () => {
    const rowByRow = async (): Promise<void> => {
      for (let id = 1; id <= 6; id += 1) await load(await app.db.objects(Article).get({ id }), 'team');
    };
    await runInContext(rowByRow);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/"team" of Article was loaded 5 times for one row each.*relations-peers\.spec/);
    await runInContext(rowByRow);
    expect(warnings).toHaveLength(1);
    await runInContext(async () => {
      const rows = await app.db.objects(Article).strict(false).all();
      for (const row of rows) await load(row, 'remarks');
    });
    expect(warnings).toHaveLength(1);
    expect(await app.db.objects(Team).count()).toBe(2);
  });
});
