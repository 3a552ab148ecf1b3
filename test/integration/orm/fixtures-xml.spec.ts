import { type Class } from 'bowerbird/core';
import { Fixtures, type FixtureRecord } from 'bowerbird/orm';
import { describe, expect, it } from 'vitest';

import { createDatabase, eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import {
  Author,
  Book,
  BookObserver,
  Country,
  Fine,
  Genre,
  LIBRARY,
  Loan,
  Money,
  Recorder,
  Shelf,
} from './fixtures.world.js';

describe('fixtures in XML', () => {
  eachDatabase((suite) => {
    const open = (url: string): Promise<OrmTestApp> =>
      openOrm({ database: url, entities: LIBRARY, providers: [Recorder, BookObserver] });

    /** The application on a database that has nothing else in it. */
    const inEmpty = async <R>(work: (app: OrmTestApp) => Promise<R>): Promise<R> => {
      const database = await createDatabase(suite.dialect);
      const app = await open(database.url);
      try {
        return await work(app);
      } finally {
        await app.close();
        await database.drop();
      }
    };

    async function fill({ db }: OrmTestApp): Promise<void> {
      const make = <E extends object>(Entity: Class<E>, values: object): Promise<E> =>
        db.save(Object.assign(new Entity(), values));
      const country = await make(Country, { code: 'GB', name: 'Great & "Britain" <1>' });
      const author = await make(Author, { name: 'Jane', country });
      const genres = [await make(Genre, { slug: 'novel' }), await make(Genre, { slug: 'wit' })];
      const emma = await make(Book, {
        title: 'Emma\r\n\t<b>',
        author,
        price: '12.50',
        isbn: '9007199254740993',
        inPrint: false,
        released: '1815-12-23',
        opens: '09:30:00',
        readAt: new Date('2024-02-29T23:59:59.123Z'),
        data: { tags: ['a', { b: null }], n: 1.5, text: '\u0001' },
        cover: Buffer.from([0, 255, 10, 13]),
        size: { height: 1.25 },
        motto: 'loud',
        fee: new Money('3.50', 'EUR'),
        genres,
      });
      await make(Book, { title: '', author, sequelTo: emma, size: { height: null } });
      await make(Fine, { reason: 'late', loan: await make(Loan, { year: 2024, number: 7, book: emma }) });
      await make(Shelf, { name: 'low', parent: await make(Shelf, { name: 'top' }) });
    }

    it.each([{}, { naturalForeign: true, naturalPrimary: true }, { indent: 0 }])(
      'carry everything into another database: %o',
      async (options) => {
        const [xml, json] = await inEmpty(async (app) => {
          await fill(app);
          const fixtures = app.get(Fixtures);
          return [
            await fixtures.dump({ format: 'xml', ...options }),
            await fixtures.dump({ format: 'json', ...options }),
          ];
        });
        expect(xml).toContain('<field name="country" rel="ManyToOneRel" to="shop.country">');
        await inEmpty(async (app) => {
          const fixtures = app.get(Fixtures);
          await fixtures.loadText(xml, { format: 'xml' });
          // Links of a row have no order.
          const sorted = (text: string) =>
            (JSON.parse(text) as FixtureRecord[]).map(({ fields: { genres, ...fields }, ...rest }) => [
              rest,
              fields,
              genres &&
                JSON.stringify(
                  (genres as readonly unknown[])
                    .map((genre) => JSON.stringify(genre))
                    .sort((a, b) => a.localeCompare(b)),
                ),
            ]);
          expect(sorted(await fixtures.dump({ format: 'json', ...options }))).toEqual(sorted(json));
        });
      },
    );

    it('tell where a text cannot be read, and keep nothing of it', async () => {
      await inEmpty(async (app) => {
        const fixtures = app.get(Fixtures);
        const genre = '<object model="shop.genre" pk="1"><field name="slug">a</field></object>';
        const bad = `<django-objects version="1.0">${genre}<object model="shop.genre"><b/>`;
        await expect(fixtures.loadText(bad, { format: 'xml' })).rejects.toMatchObject({
          code: 'orm.fixture_file',
          message: expect.stringContaining('<b> has no place in <object>') as string,
        });
        await expect(fixtures.loadText(`<!DOCTYPE a>${bad}`, { format: 'xml' })).rejects.toMatchObject({
          code: 'orm.fixture_file',
        });
        const unfit = `<objects>${genre}<object model="shop.genre" pk="x"><field name="slug">b</field></object></objects>`;
        await expect(fixtures.loadText(unfit, { format: 'xml' })).rejects.toMatchObject({
          code: 'orm.fixture',
          place: { record: 2 },
        });
        expect(await app.db.objects(Genre).count()).toBe(0);
      });
    });
  });
});
