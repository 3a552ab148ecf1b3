import { User } from 'bowerbird/auth';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS } from '../../support/databases.js';

const PASSWORD = 'correct-horse-battery-staple';

describe.each(DIALECTS.filter((dialect) => dialect !== 'sqlite'))(
  'accounts of a replicated database on %s',
  (dialect) => {
    const copyTo = async (url: string, user: User): Promise<void> => {
      const replica: TestApp = await createTestApp({ apps: [], database: url });
      await replica.run(() => replica.objects(User).create(Object.assign({}, user)));
      await replica.close();
    };

    it('are read from the primary, so that nobody keeps what was taken from them', async () => {
      const databases = [await createDatabase(dialect), await createDatabase(dialect)];
      const [primary, replica] = databases.map(({ url }) => url);
      const app = await createTestApp({
        apps: [],
        database: { url: primary!, replicas: [replica!], stickyReads: '1s' },
      });
      const user = (await app.createUser({ email: 'reader@example.com', password: PASSWORD })) as User;
      await copyTo(replica!, user);
      const client = await app.login(user);
      app.clock.advance('1m');
      expect((await client.get('/accounts/password/')).status).toBe(200);
      await app.run(() => app.objects(User).filter({ id: user.id }).update({ isActive: false }));
      expect((await client.get('/accounts/password/')).status).toBe(303);
      await app.close();
      for (const database of databases) await database.drop();
    });
  },
);
