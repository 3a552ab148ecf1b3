import { useTestApp } from 'bowerbird/testing';
import * as vitest from 'vitest';
import { expect, it } from 'vitest';

import { Entry } from '../src/guestbook/entry.entity.js';
import { GuestbookModule } from '../src/guestbook/guestbook.module.js';
import { database } from './database.js';

const guestbook = useTestApp(
  vitest,
  { apps: [GuestbookModule] },
  {
    database,
    data: async (app) => {
      await app.create(Entry, { name: 'Ada', message: 'What a tidy nest!' });
      await app.create(Entry, { name: 'Troll', message: 'Buy now', shown: false });
    },
  },
);

it('shows visitors what was written and is not hidden', async () => {
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

it('takes an entry and says thank you', async () => {
  const visitor = guestbook.app.client();
  const signed = await visitor.submit('/', { name: 'Grace', message: 'Found no bug.' });
  expect(signed.location).toBe('/');
  const page = await visitor.get('/');
  expect(page.text).toContain('Thank you!');
  expect(page.text).toContain('Found no bug.');
});

it('shows the form again with what is wrong', async () => {
  const refused = await guestbook.app.client().submit('/', { name: 'G', message: '' });
  expect(refused.status).toBe(422);
  expect(await guestbook.app.objects(Entry).count()).toBe(2);
});

it('lets nobody hide or show an entry by the form', async () => {
  await guestbook.app.client().submit('/', { name: 'Eve', message: 'Hello', shown: 'false' });
  expect(await guestbook.app.objects(Entry).get({ name: 'Eve' })).toMatchObject({ shown: true });
});

it('keeps visitors out of the admin, and lists the entries for staff', async () => {
  const path = '/admin/guestbook/entry/';
  expect((await guestbook.app.client().get(path)).location).toContain('/accounts/login/');
  const staff = await guestbook.app.login();
  expect((await staff.get(path)).text).toContain('What a tidy nest!');
});
