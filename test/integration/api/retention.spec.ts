import { Session, type HeapProfiler } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase } from '../../support/databases.js';
import { Article, Author, openMagazine } from './magazine.js';

const ROUNDS = 15;
const REQUESTS = 10;
/** Bytes of a request that may be there still when it is over. One that is kept as a whole has several thousands. */
const FEW = 1_500;

/** Collects the garbage of young objects alone; what older ones hold, dead ones too, is not among it. */
let collectYoung: (options: { readonly type: 'minor' }) => void;

/** Bytes that Express' router allocated: closures that hold the request, its response and what comes after them. */
function bytesOfRouter({ callFrame, selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  const own = callFrame.url.endsWith('/router/index.js') ? selfSize : 0;
  return children.reduce((sum, child) => sum + bytesOfRouter(child), own);
}

describe('a request that was answered', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let app: TestApp;
  let admin: TestClient;
  let author: number;
  let article: number;

  beforeAll(async () => {
    setFlagsFromString('--expose-gc');
    collectYoung = runInNewContext('gc') as typeof collectYoung;
    database = await createDatabase('sqlite');
    app = await openMagazine(database.url);
    admin = await app.login();
    const ada = await app.create(Author, { name: 'Ada', email: 'ada@example.com', pin: '1234' });
    author = ada.id;
    ({ id: article } = await app.create(Article, { title: 'One', author: ada }));
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const sends: Readonly<Record<string, () => Promise<unknown>>> = {
    'of a visitor': () => app.client().get('/api/articles'),
    'of a user': () => admin.get(`/api/articles/${article}`),
    'for a page': () => app.client().get('/accounts/login/'),
    'that makes a row': () => admin.post('/api/articles', { title: 'An article', author }),
  };

  /** How many bytes of each request outlive collections of young objects. */
  const outliving = async (send: () => Promise<unknown>): Promise<number> => {
    const session = new Session();
    session.connect();
    await session.post('HeapProfiler.startSampling', { samplingInterval: 512, includeObjectsCollectedByMajorGC: true });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let count = 0; count < REQUESTS; count += 1) await send();
      collectYoung({ type: 'minor' });
    }
    const { profile } = await session.post('HeapProfiler.stopSampling');
    session.disconnect();
    return bytesOfRouter(profile.head) / (ROUNDS * REQUESTS);
  };

  it.each(Object.keys(sends))('%s goes with the youngest objects: nothing older keeps it', async (name) => {
    expect(await outliving(sends[name]!)).toBeLessThan(FEW);
  });
});
