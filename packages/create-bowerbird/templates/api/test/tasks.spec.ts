import { useTestApp, type TestClient } from 'bowerbird/testing';
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

/** An administrator who has seen a page, and with it the token that proves where requests come from. */
async function administrator(): Promise<TestClient> {
  const client = await tasks.app.login();
  await client.get('/admin/tasks/task/add/');
  return client;
}

it('tells where everything is', async () => {
  const root = await tasks.app.client().get('/', JSON_PLEASE);
  expect(root.json()).toMatchObject({ tasks: '/tasks' });
});

it('lists tasks for everybody, by whether they are done', async () => {
  const open = await tasks.app.client().get('/tasks?done=false', JSON_PLEASE);
  expect(open.json()).toMatchObject([{ title: 'Collect blue things', due: '2026-03-01' }]);
  const missing = await tasks.app.client().get('/tasks/0', JSON_PLEASE);
  expect([missing.status, missing.json()]).toMatchObject([404, { code: 'http.not_found' }]);
});

it('asks the database once, however many tasks there are', async () => {
  await tasks.app.expectQueries(1, async () => {
    expect((await tasks.app.client().get('/tasks', JSON_PLEASE)).status).toBe(200);
  });
});

it('lets accounts with the permission make, change and remove tasks', async () => {
  const staff = await administrator();
  const made = await staff.request('POST', '/tasks', { json: { title: 'Sing' }, ...JSON_PLEASE });
  expect([made.status, made.json()]).toMatchObject([201, { title: 'Sing', done: false }]);
  const { id } = made.json<Task>();
  const changed = await staff.request('PATCH', `/tasks/${id}`, { json: { done: true }, ...JSON_PLEASE });
  expect(changed.json()).toMatchObject({ title: 'Sing', done: true });
  expect((await staff.delete(`/tasks/${id}`, JSON_PLEASE)).status).toBe(204);
  expect(await tasks.app.objects(Task).filter({ id }).exists()).toBe(false);
});

it('says what is wrong of each field', async () => {
  const staff = await administrator();
  const refused = await staff.request('POST', '/tasks', { json: { title: 'x', due: 'soon' }, ...JSON_PLEASE });
  expect(refused.status).toBe(422);
  expect(Object.keys(refused.json<{ errors: object }>().errors)).toEqual(['title', 'due']);
});

it('lets nobody else change anything', async () => {
  const visitor = tasks.app.client();
  await visitor.get('/accounts/login/');
  const { id } = tasks.data.open;
  expect((await visitor.delete(`/tasks/${id}`, JSON_PLEASE)).status).toBe(401);
  const user = await tasks.app.createUser({ email: 'reader@example.com' });
  const reader = await tasks.app.login(user);
  expect((await reader.delete(`/tasks/${id}`, JSON_PLEASE)).status).toBe(403);
  expect(await tasks.app.objects(Task).count()).toBe(2);
});
