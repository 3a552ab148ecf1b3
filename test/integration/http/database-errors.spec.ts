import { inspect } from 'node:util';

import { Controller, Get, Logger, Module, Param } from '@nestjs/common';
import { SettingsProblems } from 'bowerbird/core';
import { App, Database, OrmModule, resolveOrm } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { HttpApp } from './http-app.js';

@Entity('shop_member')
class Member {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80, unique: true }) email: string;
  @Column({ length: 60 }) passwordHash: string;
}

/** Put together at run time, so that the excerpts of this file on the page do not hold them. */
const HASH = ['scrypt', 'n16384', 'hunter', '2'].join('$');
const EMAIL = ['jane', 'doe.example'].join('@');
const LONG = `${HASH}$${'x'.repeat(60)}`;
const SECRETS = [HASH, EMAIL, 'hunter'];

const member = (passwordHash: string): Member => Object.assign(new Member(), { email: EMAIL, passwordHash });

/** Writes that fail and reach the visitor as 500, in each way in which a database tells what it was given. */
const FAILURES: Readonly<Record<string, (db: Database) => Promise<unknown>>> = {
  taken: (db) => asOurFault(db.save([member(HASH), member(HASH)])),
  unmapped: (db) => db.dataSource.manager.save([member(HASH), member(HASH)]),
  missing: (db) => db.dataSource.query(insertInto(db, 'shop_nobody'), [EMAIL, HASH]),
  column: (db) => db.query(insertInto(db, 'shop_member').replace('email', 'e_mail'), [EMAIL, HASH]),
  kind: (db) => asOurFault(db.query(insertInto(db, 'shop_member').replace('email', 'id'), [HASH, EMAIL])),
  long: (db) => asOurFault(db.save(member(LONG))),
  several: async (db) => {
    const results = await Promise.allSettled([db.save([member(HASH), member(HASH)])]);
    throw new AggregateError(
      results.map((result) => (result as PromiseRejectedResult).reason as unknown),
      'Nothing worked',
    );
  },
};

/** Errors of the input are answered with 4xx; inside of another error they become the application's own fault. */
async function asOurFault(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new Error('The member cannot be kept', { cause });
  }
}

function insertInto(db: Database, table: string): string {
  const values = db.dialect === 'postgres' ? '$1, $2' : '?, ?';
  const column = db.dialect === 'mysql' ? '`passwordHash`' : '"passwordHash"';
  return `INSERT INTO ${table} (email, ${column}) VALUES (${values})`;
}

@Controller()
class MembersController {
  constructor(private readonly db: Database) {}

  @Get('fail/:kind')
  async fail(@Param('kind') kind: string): Promise<void> {
    await FAILURES[kind]!(this.db);
  }
}

@App({ name: 'shop', entities: [Member] })
@Module({})
class ShopModule {}

describe('a failing write of a password', () => {
  eachDatabase((database) => {
    const kinds = (): string[] => Object.keys(FAILURES);
    let app: HttpApp;
    let production: HttpApp;
    const start = async (inProduction: boolean): Promise<HttpApp> => {
      const problems = new SettingsProblems();
      const config = resolveOrm({ apps: [ShopModule], database: database.url }, problems, {
        root: new URL('./', import.meta.url),
      });
      return HttpApp.start({
        production: inProduction,
        imports: [OrmModule.forRoot(config), ShopModule],
        controllers: [MembersController],
      });
    };
    beforeAll(async () => {
      app = await start(false);
      await app.get(Database).dataSource.synchronize();
      production = await start(true);
    });
    afterEach(() => vi.restoreAllMocks());
    afterAll(async () => {
      await app?.stop();
      await production?.stop();
    });

    const logOf = async (kind: string, from: HttpApp): Promise<{ readonly log: string; readonly body: string }> => {
      const lines: string[] = [];
      vi.spyOn(Logger.prototype, 'error').mockImplementation((...parts: unknown[]) => void lines.push(parts.join(' ')));
      const response = await from.fetch(`/fail/${kind}`, { headers: { accept: 'text/html' } });
      expect(response.status, kind).toBe(500);
      return { log: lines.join('\n'), body: await response.text() };
    };
    const expectNoSecrets = (text: string, kind: string): void => {
      for (const secret of SECRETS) expect(text, kind).not.toContain(secret);
    };

    it('is logged without a value of it', async () => {
      for (const kind of kinds()) {
        const { log } = await logOf(kind, production);
        expectNoSecrets(log, kind);
        expect(log, kind).toMatch(/\n\s+at /);
      }
    });

    it('is logged with its code and its statement with placeholders', async () => {
      for (const kind of ['taken', 'unmapped', 'missing', 'kind']) {
        const { log } = await logOf(kind, production);
        expect(log, kind).toMatch(/QueryFailedError: .+/);
        expect(log, kind).toMatch(/code: \w+/);
        expect(log, kind).toMatch(/statement: INSERT INTO .+VALUES \(.*(?:\?|\$1)/);
      }
      expect((await logOf('taken', production)).log).toMatch(
        /^GET \/fail\/taken failed .*\nError: The member[^]*Caused by UniqueError: [^]*Caused by QueryFailedError/,
      );
    });

    it('is shown to developers without a value of it', async () => {
      for (const kind of kinds()) {
        const { body } = await logOf(kind, app);
        expectNoSecrets(body, kind);
        const problem = await app.fetch(`/fail/${kind}`);
        expectNoSecrets(await problem.text(), kind);
      }
    });

    it('prints nothing of the row wherever somebody prints the error', async () => {
      const db = app.get(Database);
      for (const kind of kinds()) {
        const error = await FAILURES[kind]!(db).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Error);
        expectNoSecrets(inspect(error, { depth: 10 }), kind);
        expectNoSecrets(JSON.stringify(error), kind);
      }
    });

    it('still tells the program what was sent', async () => {
      const error = await FAILURES.unmapped!(app.get(Database)).catch((thrown: unknown) => thrown);
      expect((error as { parameters: unknown[] }).parameters).toContain(EMAIL);
    });
  });
});
