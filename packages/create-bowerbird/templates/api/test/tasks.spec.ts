import { useTestApp } from 'bowerbird/testing';
import * as vitest from 'vitest';
import { expect, it } from 'vitest';

import { Task } from '../src/tasks/task.entity.js';
import { TasksModule } from '../src/tasks/tasks.module.js';
import { database } from './database.js';

const tasks = useTestApp(
  vitest,
  { apps: [TasksModule] },
  {
    database,
    data: async (app) => ({
      open: await app.create(Task, { title: 'Collect blue things', due: '2026-03-01' }),
      done: await app.create(Task, { title: 'Build the bower', done: true }),
    }),
  },
);

const JSON_PLEASE = { headers: { accept: 'application/json' } };

/** A page of a list. */
interface Page {
  readonly results: readonly Partial<Task>[];
}

it('tells where everything is', async () => {
  const root = await tasks.app.client().get('/', JSON_PLEASE);
  expect(root.json()).toMatchObject({ tasks: '/api/tasks' });
});

it('lists tasks for everybody, by what is declared', async () => {
  const visitor = tasks.app.client();
  const open = await visitor.get('/api/tasks?done=false&search=blue&ordering=-title', JSON_PLEASE);
  expect(open.json<Page>().results).toMatchObject([{ title: 'Collect blue things', due: '2026-03-01', words: 3 }]);
  expect((await visitor.get('/api/tasks?createdAt=2026-01-01', JSON_PLEASE)).status).toBe(400);
  expect((await visitor.get('/api/tasks/0', JSON_PLEASE)).status).toBe(404);
});

it('lets accounts with the permission make, change, finish and delete tasks', async () => {
  const staff = await tasks.app.login();
  const made = await staff.request('POST', '/api/tasks', { json: { title: 'Sing' }, ...JSON_PLEASE });
  expect([made.status, made.json()]).toMatchObject([201, { title: 'Sing', done: false }]);
  const path = `/api/tasks/${made.json<Task>().id}`;
  const changed = await staff.request('PATCH', path, { json: { due: '2026-04-01' }, ...JSON_PLEASE });
  expect(changed.json()).toMatchObject({ title: 'Sing', due: '2026-04-01' });
  expect((await staff.request('POST', `${path}/finish`, JSON_PLEASE)).json()).toMatchObject({ done: true });
  expect((await staff.delete(path, JSON_PLEASE)).status).toBe(204);
  expect((await staff.get(path, JSON_PLEASE)).status).toBe(404);
});

it('says what is wrong of each field', async () => {
  const staff = await tasks.app.login();
  const wrong = { title: 'x', due: 'soon', id: 7, secret: 1 };
  const refused = await staff.request('POST', '/api/tasks', { json: wrong, ...JSON_PLEASE });
  expect(refused.status).toBe(400);
  expect(Object.keys(refused.json<{ errors: object }>().errors).toSorted()).toEqual(['due', 'secret', 'title']);
});

it('lets nobody else change anything', async () => {
  const path = `/api/tasks/${tasks.data.open.id}`;
  const visitor = tasks.app.client();
  expect((await visitor.delete(path, JSON_PLEASE)).status).toBe(401);
  const reader = await tasks.app.login(await tasks.app.createUser({ email: 'reader@example.com' }));
  expect((await reader.delete(path, JSON_PLEASE)).status).toBe(403);
  expect(await tasks.app.objects(Task).count()).toBe(2);
});
