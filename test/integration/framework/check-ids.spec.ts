import { Module, type Type } from '@nestjs/common';
import { App, FrameworkModule, manage } from 'bowerbird';
import { type Finding } from 'bowerbird/core';
import { HttpMiddleware } from 'bowerbird/http';
import { Field } from 'bowerbird/orm';
import { sessionDrivers } from 'bowerbird/sessions';
import { RecordingIo } from 'bowerbird/testing';
import { Column, DataSource, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

const KEY = 'a-secret-key-for-tests-that-is-long-enough-for-all-0123456789';

@Entity()
class Plain {
  @PrimaryGeneratedColumn() id: number;
}

@Entity()
class Stray {
  @PrimaryGeneratedColumn() id: number;
  @Field({ label: 'Nothing' }) nothing: string;
}

@Entity('twin_one')
class Twin {
  @PrimaryGeneratedColumn() id: number;
}

function otherTwin(): Type {
  @Entity('twin_two')
  class Twin {
    @PrimaryGeneratedColumn() id: number;
  }
  return Twin;
}

@Entity()
class Shelf {
  @PrimaryGeneratedColumn() id: number;
}

@Entity()
class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToOne(() => Shelf) shelf: Shelf;
}

/** Marked as a middleware without being one. */
@HttpMiddleware({ slot: 910 })
class NoMiddleware {}

function app(
  name: string,
  entities: readonly Type[],
  more: { database?: string; providers?: readonly Type[] } = {},
): Type {
  const { providers = [], ...options } = more;
  @App({ name, entities, ...options })
  @Module({ providers: [...providers] })
  class SomeModule {}
  return SomeModule;
}

const foreign = (): DataSource =>
  new DataSource({ type: 'better-sqlite3', database: ':memory:', entities: [Plain, Shelf] });

/** The smallest settings that make each check speak, and what it speaks of. */
const CASES: Readonly<Record<string, readonly [settings: () => object, at: string, message: RegExp]>> = {
  'framework.E001': [() => ({ sessions: false }), 'settings.security', /sessions/],
  'framework.E002': [() => ({ secretKey: '' }), 'settings.secretKey', /a secret key/],
  'framework.E003': [() => ({ apps: 'shop' }), 'settings.apps', /a list of modules/],
  'framework.E004': [
    () => ({ checks: { silence: [{ id: 'x.W001' }] } }),
    'settings.checks.silence',
    /an id and a reason/,
  ],
  'framework.W001': [() => ({ apps: [] }), 'settings.apps', /no apps/],
  'framework.W002': [
    () => ({ checks: { silence: [{ id: 'framework.W001', reason: 'why not' }] } }),
    'settings.checks.silence',
    /framework\.W001.*"why not"/,
  ],
  'http.E005': [
    () => ({ apps: [app('shop', [], { providers: [NoMiddleware] })] }),
    'NoMiddleware',
    /does not extend HttpMiddlewareProvider/,
  ],
  'orm.E011': [() => ({ apps: [app('shop', [Stray])] }), 'Stray.nothing', /neither a column nor a relation/],
  'orm.E012': [() => ({ apps: [app('shop', [Twin, otherTwin()])] }), 'Twin', /Two entities of the app "shop"/],
  'orm.E014': [
    () => ({
      databases: { archive: 'sqlite::memory:' },
      apps: [app('shelves', [Shelf]), app('books', [Book], { database: 'archive' })],
    }),
    'Book.shelf',
    /from the database "archive" to "default"/,
  ],
  'orm.W001': [
    () => ({ database: { dataSource: foreign() }, apps: [app('shop', [Plain])] }),
    'Shelf',
    /in no installed app/,
  ],
  'sessions.W001': [
    () => ({ sessions: { cookie: { secure: false } } }),
    'settings.sessions.cookie.secure',
    /plain http/,
  ],
  'sessions.W002': [
    () => ({ sessions: { driver: sessionDrivers.memory() } }),
    'settings.sessions.driver',
    /every restart logs everybody out/,
  ],
};

afterEach(() => {
  process.exitCode = 0;
});

/** What `check` finds, and its exit code. */
async function check(settings: object, ...argv: string[]) {
  const given = { secretKey: KEY, production: true, database: 'sqlite::memory:', ...settings };
  @Module({ imports: [FrameworkModule.forRoot(given)] })
  class CheckedModule {}
  const io = new RecordingIo();
  process.exitCode = 0;
  await manage(CheckedModule, { argv: ['check', '--json', '--no-database', ...argv], io });
  const text = io.output.join('\n');
  expect(text, io.errors.join('\n')).not.toBe('');
  const report = JSON.parse(text) as { findings: readonly Finding[]; silenced: number };
  return { ...report, code: Number(process.exitCode) };
}

describe('the check', () => {
  it.each(Object.entries(CASES))('%s is found', async (id, [settings, at, message]) => {
    const { findings, code } = await check(settings());
    const found = findings.filter((finding) => finding.id === id);
    expect(found.length, JSON.stringify(findings)).toBeGreaterThan(0);
    expect(found.map((finding) => finding.at)).toContain(at);
    expect(found.map((finding) => finding.message).join('\n')).toMatch(message);
    for (const finding of found) expect(finding.hint).toBeTruthy();
    const errors = findings.filter(({ level }) => level === 'error');
    expect(code).toBe(errors.length > 0 ? 1 : 0);
    expect(found[0]!.level).toBe(id.includes('.E') ? 'error' : 'warning');
  });

  it('finds none of them where nothing is wrong', async () => {
    const apps = [app('shop', [Plain, Shelf])];
    const { findings } = await check({ apps, http: { allowedHosts: ['shop.example'] } });
    expect(findings.map(({ id }) => id).filter((id) => id in CASES)).toEqual([]);
  });
});

describe('settings.checks.silence', () => {
  const reason = 'the load balancer sends the header';

  it('leaves the named findings out and counts them', async () => {
    const silence = [{ id: 'sessions.W002', reason }];
    const sessions = { driver: sessionDrivers.memory() };
    const loud = await check({ sessions });
    const quiet = await check({ sessions, checks: { silence } });
    expect(loud.findings.map(({ id }) => id)).toContain('sessions.W002');
    expect(quiet.findings.map(({ id }) => id)).toEqual(
      loud.findings.map(({ id }) => id).filter((id) => id !== 'sessions.W002'),
    );
    expect(quiet.silenced).toBe(loud.silenced + 1);
  });

  it('lets an application boot in spite of an error', async () => {
    const silence = [{ id: 'http.E006', reason }];
    expect((await check({})).code).toBe(1);
    const { code, findings } = await check({ checks: { silence } });
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(code).toBe(0);
  });

  it('is reported where it is misspelt', async () => {
    const { findings, code } = await check({ checks: { silense: [{ id: 'http.E006', reason }] } });
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      { id: 'core.E001', at: 'settings.checks.silense', hint: 'Did you mean "silence"?' },
    ]);
  });
});
