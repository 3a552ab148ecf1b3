import { AuditTrail } from 'bowerbird/audit';
import { Database } from 'bowerbird/orm';
import { useTestApp } from 'bowerbird/testing';
import * as vitest from 'vitest';
import { expect, it } from 'vitest';

import { Entry } from '../src/guestbook/entry.entity.js';
import { ForgetEntryJob } from '../src/guestbook/forget-entry.job.js';
import { GuestbookModule } from '../src/guestbook/guestbook.module.js';
import { database as testDatabase } from './database.js';

const guestbook = useTestApp(
  vitest,
  { apps: [GuestbookModule] },
  {
    database: testDatabase,
    data: async (app) => ({
      shown: await app.create(Entry, { name: 'Ada', message: 'What a tidy nest!', shown: true }),
      waiting: await app.create(Entry, { name: 'Troll', message: 'Buy now' }),
    }),
  },
);

/** A picture of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

it('shows visitors what somebody has approved', async () => {
  const page = await guestbook.app.client().get('/');
  expect(page.status).toBe(200);
  expect(page.text).toContain('What a tidy nest!');
  expect(page.text).not.toContain('Buy now');
});

it('asks the database once, however many entries there are', async () => {
  await guestbook.app.expectQueries(1, async () => {
    expect((await guestbook.app.client().get('/')).status).toBe(200);
  });
});

it('takes an entry with a photo, which waits until it is approved', async () => {
  const visitor = guestbook.app.client();
  const files = { photo: { name: 'nest.gif', content: PIXEL } };
  const signed = await visitor.submit('/', { name: 'Grace', message: 'Found no bug.' }, { files });
  expect(signed.location).toBe('/');
  expect((await visitor.get('/')).text).not.toContain('Found no bug.');
  const entry = await guestbook.app.objects(Entry).get({ name: 'Grace' });
  await guestbook.app.objects(Entry).filter({ id: entry.id }).update({ shown: true });
  const photo = /<img src="(\/media\/[^"]+)"/.exec((await visitor.get('/')).text)?.[1];
  expect((await visitor.get(photo!.replaceAll('&amp;', '&'))).status).toBe(200);
});

it('forgets an entry after a month in which nobody has shown it', async () => {
  const { app } = guestbook;
  for (const name of ['Grace', 'Alan']) await app.client().submit('/', { name, message: 'Hello' });
  await app.objects(Entry).filter({ name: 'Alan' }).update({ shown: true });
  expect(await app.jobs.waiting(ForgetEntryJob)).toHaveLength(2);
  app.clock.advance('30d');
  await app.jobs.runAll();
  const left = await app.objects(Entry).orderBy('name').all();
  expect(left.map(({ name }) => name)).toEqual(['Ada', 'Alan', 'Troll']);
});

it('shows the form again with what is wrong', async () => {
  const files = { photo: { name: 'nest.gif', content: Buffer.from('no picture') } };
  const refused = await guestbook.app.client().submit('/', { name: 'G', message: '' }, { files });
  expect(refused.status).toBe(422);
  expect(await guestbook.app.objects(Entry).count()).toBe(2);
});

it('takes ten entries a minute from one address', async () => {
  const visitor = guestbook.app.client();
  for (let count = 0; count < 10; count += 1) await visitor.submit('/', { name: 'G', message: '' });
  expect((await visitor.submit('/', { name: 'Grace', message: 'Hello' })).status).toBe(429);
  guestbook.app.clock.advance('1m');
  expect((await visitor.submit('/', { name: 'Grace', message: 'Hello' })).location).toBe('/');
});

it('lets staff approve several at once', async () => {
  const staff = await guestbook.app.login();
  const path = '/admin/guestbook/entry/';
  const { waiting } = guestbook.data;
  const done = await staff.submit(path, { action: 'show', selected: String(waiting.id) });
  expect(done.status).toBe(303);
  expect((await guestbook.app.client().get('/')).text).toContain('Buy now');
});

it('answers scripts with what visitors see', async () => {
  const list = await guestbook.app.client().get('/api/entries', { headers: { accept: 'application/json' } });
  expect(list.json<{ results: object[] }>().results).toMatchObject([{ name: 'Ada', photo: null }]);
  expect((await guestbook.app.client().get(`/api/entries/${guestbook.data.waiting.id}`)).status).toBe(404);
});

it('keeps a record of changes', async () => {
  const entry = guestbook.data.shown;
  const database = guestbook.app.get(Database);
  const trail = guestbook.app.get(AuditTrail);
  await guestbook.app.run(() => database.save(Object.assign(entry, { name: 'Ada Byron' })));
  const { entries } = await guestbook.app.run(() => trail.forObject(database.describe(Entry), String(entry.id)));
  expect(entries[0]).toMatchObject({ action: 'change', changes: { name: { after: 'Ada Byron' } } });
});

it('fills an empty guestbook, once', async () => {
  await guestbook.app.objects(Entry).delete();
  expect(await guestbook.app.command('seedguestbook')).toBe(0);
  expect(await guestbook.app.command('seedguestbook')).toBe(0);
  expect(await guestbook.app.objects(Entry).count()).toBe(3);
});
