import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { Admin } from 'bowerbird/admin';
import { AuditEntry } from 'bowerbird/audit';
import {
  App,
  Atomic,
  atomic,
  currentDatabase,
  Database,
  Meta,
  onCommit,
  querySet,
  SerializationError,
} from 'bowerbird/orm';
import {
  createTestApp,
  RepeatedQueryError,
  RouteBudgetError,
  useTestApp,
  workerDatabase,
  type TestApp,
  type TestDatabase,
} from 'bowerbird/testing';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import * as vitest from 'vitest';
import { afterAll, describe, expect, it } from 'vitest';

import { DIALECTS, SERVERS } from '../../support/databases.js';

@Entity()
@Meta({ audited: true })
@Admin()
class Writer {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) name: string;
}

@Entity()
class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) title: string;
  @ManyToOne(() => Writer) writer: Relation<Writer>;
}

const told: string[] = [];

@Controller('books')
class BooksController {
  @Get()
  async list(): Promise<string[]> {
    const books = await querySet(Book).selectRelated('writer').orderBy('title').all();
    return books.map(({ title, writer }) => `${title} by ${writer.name}`);
  }

  @Get('one-by-one')
  async listSlowly(): Promise<string[]> {
    const lines: string[] = [];
    for (const { title, writerId } of await querySet(Book).values('title', 'writer.id').all().then(renamed)) {
      const writer = await querySet(Writer).get({ id: writerId });
      lines.push(`${title} by ${writer.name}`);
    }
    return lines;
  }

  @Post('quietly')
  async addQuietly(@Body() { name }: { name: string }): Promise<string> {
    await querySet(Writer).create({ name });
    return currentDatabase().inTransaction ? 'inside' : 'outside';
  }

  @Post()
  async add(@Body() { name }: { name: string }): Promise<string> {
    await atomic(
      async () => {
        await querySet(Writer).create({ name });
        await onCommit(() => void told.push(name));
        await atomic(() => querySet(Writer).create({ name })).catch(() => undefined);
      },
      { durable: true },
    );
    return 'added';
  }

  @Post('half')
  async half(@Body() { name }: { name: string }): Promise<void> {
    await atomic(async () => {
      await querySet(Writer).create({ name });
      await onCommit(() => void told.push(name));
      throw new SerializationError('never mind');
    });
  }

  @Post('whole')
  @Atomic()
  async whole(@Body() { name, fail }: { name: string; fail?: string }): Promise<string> {
    await querySet(Writer).create({ name });
    await onCommit(() => void told.push(name));
    if (fail) throw new Error('after the row');
    return currentDatabase().inTransaction ? 'inside' : 'outside';
  }

  @Get(':id/title')
  async title(@Param('id') id: string): Promise<string> {
    return (await querySet(Book).get({ id: Number(id) })).title;
  }

  @Get(':id/both')
  async both(@Param('id') id: string): Promise<string> {
    return (await this.title(id)) + (await querySet(Writer).count());
  }
}

function renamed(rows: readonly { title: string; 'writer.id': number }[]) {
  return rows.map(({ title, ...rest }) => ({ title, writerId: rest['writer.id'] }));
}

@App({ name: 'library', entities: [Writer, Book], migrations: false })
@Module({ controllers: [BooksController] })
class Library {}

const SETTINGS = {
  apps: [Library],
  admin: false,
  auth: false,
  security: false,
  sessions: false,
  audit: false,
} as const;
const run = process.env.BOWERBIRD_TEST_RUN;
const prefix = run ? `bowerbird_${run}` : 'bowerbird_test';

describe.each(DIALECTS)('a suite on %s', (dialect) => {
  const suite = useTestApp(vitest, SETTINGS, {
    database: () => workerDatabase(dialect, SERVERS[dialect], { prefix }),
    queryBudgets: { 'GET /books/:id/title': 1, 'GET /books/:id/both': 1 },
    data: async (app) => {
      const writer = await app.create(Writer, { name: 'Jane' });
      const books = await Promise.all(
        ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((title) => app.create(Book, { title, writer })),
      );
      return { writer, books, at: app.clock.now() };
    },
  });
  const names = (): Promise<string[]> => suite.app.objects(Writer).orderBy('name').flat('name').all();
  const send = (path: string, name: string) => suite.app.client().post(path, { name });

  it('lets each test start from its data', async () => {
    expect(await names()).toEqual(['Jane']);
    suite.data.writer.name = 'spoiled';
    suite.data.books.pop();
    suite.app.clock.advance('3h');
    expect((await send('/books', 'Emil')).status).toBe(201);
    expect((await send('/books/quietly', 'Carl')).text).toBe('outside');
    expect(await names()).toEqual(['Carl', 'Emil', 'Jane']);
  });

  it('undoes what the test before did', async () => {
    expect(await names()).toEqual(['Jane']);
    expect(suite.data.writer).toBeInstanceOf(Writer);
    expect(suite.data.writer.name).toBe('Jane');
    expect(suite.data.books).toHaveLength(7);
    expect(suite.app.clock.now()).toEqual(suite.data.at);
  });

  it('lets statements fail as they do outside of tests', async () => {
    expect((await send('/books/quietly', 'Jane')).status).toBe(409);
    expect((await send('/books/quietly', 'Emma')).status).toBe(201);
    expect(await names()).toEqual(['Emma', 'Jane']);
  });

  it('lets transactions of requests fail and be kept by themselves', async () => {
    told.length = 0;
    expect((await send('/books/half', 'Gone')).status).toBe(503);
    await Promise.all(['x', 'y', 'z'].map((name) => send('/books', name)));
    expect(await names()).toEqual(['Jane', 'x', 'y', 'z']);
    expect(told.sort()).toEqual(['x', 'y', 'z']);
  });

  it('undoes a handler marked @Atomic that fails', async () => {
    told.length = 0;
    const answer = await send('/books/whole', 'Whole');
    expect([answer.text, told]).toEqual(['inside', ['Whole']]);
    expect((await suite.app.client().post('/books/whole', { name: 'Half', fail: 'yes' })).status).toBe(500);
    expect([await names(), told]).toEqual([['Jane', 'Whole'], ['Whole']]);
  });

  it('keeps what is to be done after the commit when asked', async () => {
    told.length = 0;
    const callbacks = await suite.app.captureOnCommit(() => send('/books', 'Late'));
    expect([callbacks.length, told]).toEqual([1, []]);
    for (const callback of callbacks) await callback();
    expect(told).toEqual(['Late']);
  });

  it('undoes a part of a test', async () => {
    await suite.app.rolledBack(() => send('/books', 'Part'));
    expect(await names()).toEqual(['Jane']);
  });

  it('counts the statements of the application alone', async () => {
    await suite.app.expectQueries(1, () => suite.app.client().get('/books'));
    expect(await suite.app.queries(() => suite.app.run(() => querySet(Writer).count()))).toHaveLength(1);
  });

  it('fails a test whose request asks for each row by itself, and names the statement and the place', async () => {
    const asked = suite.app.client().get('/books/one-by-one');
    const error = (await asked.catch((cause: unknown) => cause)) as Error;
    expect(error).toBeInstanceOf(RepeatedQueryError);
    expect(error.message).toMatch(
      /^GET \/books\/one-by-one sent the same statement 7 times:\n {2}SELECT .*writer.* WHERE/,
    );
    expect(error.message).toMatch(/at .*testing\.spec\.ts:\d+:\d+/);
    expect((await suite.app.client().get('/books')).json()).toHaveLength(7);
  });

  it('lets a request repeat itself where the test says so', async () => {
    await suite.app.allowRepeatedQueries(() => suite.app.client().get('/books/one-by-one'));
    await suite.app.allowRepeatedQueries();
    expect((await suite.app.client().get('/books/one-by-one')).json()).toHaveLength(7);
  });

  it('forgets what the test before allowed', async () => {
    await expect(suite.app.client().get('/books/one-by-one')).rejects.toThrow(RepeatedQueryError);
  });

  it('looks at work of the test itself', async () => {
    const { books } = suite.data;
    const work = suite.app.run(async () => {
      for (const { id } of books) await querySet(Book).get({ id });
    });
    await expect(work).rejects.toThrow(/The work of run\(\) sent the same statement 7 times/);
  });

  it('fails a request over the budget of its route', async () => {
    const { id } = suite.data.books[0]!;
    expect((await suite.app.client().get(`/books/${id}/title`)).text).toBe('A');
    const error = (await suite.app
      .client()
      .get(`/books/${id}/both?x=1`)
      .catch((cause: unknown) => cause)) as Error;
    expect(error).toBeInstanceOf(RouteBudgetError);
    expect(error.message).toMatch(
      /^GET \/books\/\d+\/both is over the budget of 1 statements for "GET \/books\/:id\/both":\n1\. SELECT.*\n2\. SELECT/,
    );
  });
});

describe.each(DIALECTS)('a suite of a whole application on %s', (dialect) => {
  const suite = useTestApp(
    vitest,
    { apps: [Library] },
    {
      database: () => workerDatabase(dialect, SERVERS[dialect], { prefix: `${prefix}_w` }),
      data: async (app) => ({ visitor: await app.login() }),
    },
  );

  it.each(['first', 'next'])('lets the %s test change rows that are audited', async () => {
    const answer = await suite.data.visitor.submit('/admin/library/writer/add/', { name: 'Ann', _save: 1 });
    expect(answer.status).toBe(303);
    await suite.app.create(Writer, { name: 'Ben' });
    expect(await suite.app.objects(Writer).count()).toBe(2);
    const entries = await suite.app.objects(AuditEntry).filter({ entity: 'library.writer' }).all();
    expect(entries).toHaveLength(2);
  });
});

describe.each(DIALECTS)('a kept database on %s', (dialect) => {
  const open: TestApp[] = [];
  afterAll(async () => {
    for (const app of open) await app.close();
  });

  const take = (): Promise<TestDatabase> => workerDatabase(dialect, SERVERS[dialect], { prefix: `${prefix}_k` });
  const boot = async (options: object = {}): Promise<TestApp> =>
    createTestApp({ ...SETTINGS, ...options }, { database: take });

  it('is used again without the rows of the suite before', async () => {
    const first = await boot();
    await first.create(Writer, { name: 'left behind' });
    const url = first.get(Database).config.url;
    await first.close();
    const again = await boot();
    expect(await again.objects(Writer).count()).toBe(0);
    const { id } = await again.create(Writer, { name: 'counted anew' });
    expect(id).toBe(1);
    if (dialect !== 'sqlite') expect(again.get(Database).config.url).toBe(url);
    await again.close();
  });

  it('belongs to one application at a time', async () => {
    const apps = await Promise.all([boot(), boot()]);
    open.push(...apps);
    await apps[0].create(Writer, { name: 'here' });
    expect(await apps[1].objects(Writer).count()).toBe(0);
  });

  it('is made anew when entities have changed', async () => {
    @Entity('writer')
    class Renamed {
      @PrimaryGeneratedColumn() id: number;
      @Column() pseudonym: string;
    }
    @App({ name: 'library', entities: [Renamed], migrations: false })
    @Module({})
    class Changed {}
    const app = await boot({ apps: [Changed] });
    await app.create(Renamed, { pseudonym: 'Currer Bell' });
    expect(await app.objects(Renamed).count()).toBe(1);
    await app.close();
  });
});

describe('budgets of routes', () => {
  it('are refused when they are not written as routes', async () => {
    await expect(createTestApp(SETTINGS, { queryBudgets: { '/books': 1 } })).rejects.toThrow(/is no route/);
  });
});
