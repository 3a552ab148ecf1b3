import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Permission, User } from 'bowerbird/auth';
import { App, Database, DefaultScope, Encrypted, Fixtures, Meta, Prunable } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp } from 'bowerbird/testing';
import {
  Column,
  DeleteDateColumn,
  Entity,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS } from '../../support/databases.js';

@Entity()
@Prunable<Cart>((carts, now) => carts.filter({ expiresAt__lt: now }))
class Cart {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @Column({ type: 'datetime' }) expiresAt: Date;
}

/** Keeps its cart. */
@Entity()
class Invoice {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Cart, { nullable: false, onDelete: 'RESTRICT' }) cart: Relation<Cart>;
}

@Entity()
@Prunable<Visit>((visits) => visits.filter({ day__lt: '2026-01-01' }))
class Visit {
  @PrimaryColumn({ type: 'date' }) day: string;
  @PrimaryColumn({ length: 20 }) page: string;
}

/** Queries leave most of its rows out. */
@Entity()
@Meta({ naturalKey: ['code'] })
@DefaultScope<Ticket>('open', { open: true })
@Prunable<Ticket>((tickets) => tickets.withoutScopes('open').onlyTrashed())
class Ticket {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20, unique: true }) code: string;
  @Column() open: boolean;
  @Column({ type: 'text', nullable: true }) @Encrypted() note: string | null;
  @DeleteDateColumn() deletedAt: Date | null;
}

const fixtures = await mkdtemp(join(tmpdir(), 'app-fixtures-'));

@App({ name: 'shop', entities: [Cart, Visit, Ticket], fixtures: pathToFileURL(fixtures) })
@Module({})
class ShopModule {}

@App({ name: 'bills', entities: [Invoice] })
@Module({})
class BillsModule {}

/** A conversation in which something was piped in. */
class PipedIo extends RecordingIo {
  constructor(private readonly text: string) {
    super();
  }

  override async readInput(): Promise<string> {
    return this.text;
  }
}

describe.each(DIALECTS)('commands for data on %s', (dialect) => {
  let app: TestApp;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createDatabase(dialect);
    drop = () => database.drop();
    app = await createTestApp({ apps: [ShopModule, BillsModule], encryptionKeys: ['k'.repeat(40)] }, { database });
  });
  afterAll(async () => {
    await app.close();
    await drop();
    await rm(fixtures, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await app.command('flush', { options: { yes: true } });
  });

  const run = async (name: string, input: Parameters<TestApp['command']>[1] = {}, io = new RecordingIo()) => {
    const code = await app.command(name, input, io);
    return { code, out: io.output.join('\n'), err: io.errors.join('\n') };
  };
  const cart = (name: string, expiresAt: string) => app.create(Cart, { name, expiresAt: new Date(expiresAt) });

  describe('dumpdata and loaddata', () => {
    it('write to the output and read what is piped in', async () => {
      await cart('a', '2030-01-01');
      const { out, err } = await run('dumpdata', { args: { entities: ['shop'] }, options: { format: 'jsonl' } });
      expect(out).toContain('"name":"a","expiresAt":"2030-01-01T00:00:00.000Z"');
      expect(err).toBe('Left out as secret: shop.ticket.note (--include-secrets)');
      await run('flush', { options: { yes: true } });
      const loaded = await run(
        'loaddata',
        { args: { fixtures: ['-'] }, options: { format: 'jsonl' } },
        new PipedIo(out),
      );
      expect(loaded.out).toBe('shop.cart: 1\nLoaded 1 record(s).');
      expect(await app.objects(Cart).count()).toBe(1);
      await expect(run('loaddata', { args: { fixtures: ['-', 'x'] } })).rejects.toThrow(/loaded alone/);
    });

    it('find fixtures by name in the folder of the app', async () => {
      await mkdir(fixtures, { recursive: true });
      await writeFile(join(fixtures, 'visits.yaml'), '- entity: shop.visit\n  key: { day: 2026-02-03, page: home }\n');
      expect((await run('loaddata', { args: { fixtures: ['visits'] } })).out).toContain('shop.visit: 1');
      await writeFile(join(fixtures, 'visits.json'), '[]');
      await expect(run('loaddata', { args: { fixtures: ['visits'] } })).rejects.toThrow(/may be any of/);
      expect((await run('loaddata', { args: { fixtures: ['visits.yaml'] } })).out).toContain('shop.visit: 1');
      await expect(run('loaddata', { args: { fixtures: ['visit'] } })).rejects.toThrow(/Did you mean "visits"/);
    });

    it('write a file with an indent and name the secrets that are left out', async () => {
      await app.createUser({ email: 'a@example.com' });
      const output = join(fixtures, 'users.json');
      await mkdir(fixtures, { recursive: true });
      const { out, err } = await run('dumpdata', {
        args: { entities: ['auth.user', 'sessions'] },
        options: { output, indent: '2' },
      });
      expect(out).toBe(`Wrote 1 record(s) to ${output}`);
      expect(err).toBe('Left out as secret: sessions.sessionrecord, auth.user.password (--include-secrets)');
      expect(await readFile(output, 'utf8')).toContain('\n    "fields": {\n      "email": "a@example.com"');
      await run('flush', { options: { yes: true } });
      await run('loaddata', { args: { fixtures: [output] } });
      const user = await app.objects(User).get();
      expect(user).toMatchObject({ email: 'a@example.com', password: '' });
      await expect(run('dumpdata', { options: { indent: 'x' } })).rejects.toThrow(/--indent takes/);
    });
  });

  it('list apps, entities, fields and relations', async () => {
    const { out } = await run('showmodels', { args: { entities: ['shop.visit', 'bills'] } });
    expect(out.split('\n')).toEqual([
      'shop.visit (visit)',
      '  day   date        key',
      '  page  string(20)  key',
      '',
      'bills.invoice (invoice)',
      '  id    integer  key, increment, unique',
      '  cart  Cart     many-to-one, on delete protect',
      '',
    ]);
    const json = await run('showmodels', { args: { entities: ['bills.invoice'] }, options: { json: true } });
    expect(JSON.parse(json.out)).toMatchObject([
      {
        key: 'bills.invoice',
        table: 'invoice',
        primaryKey: ['id'],
        fields: [{ path: 'id', kind: 'integer', generated: 'increment' }],
        relations: [{ path: 'cart', kind: 'many-to-one', target: 'Cart', nullable: false, onDelete: 'protect' }],
      },
    ]);
    expect((await run('showmodels')).out).toContain('auth.user (');
    await expect(run('showmodels', { args: { entities: ['shop.vist'] } })).rejects.toMatchObject({
      hint: 'Did you mean "shop.visit"?',
    });
  });

  it('hold and remove rows that queries leave out, and encrypted ones', async () => {
    const db = app.get(Database);
    await app.create(Ticket, { code: 'A1', open: false, note: 'whisper' });
    const gone = await app.create(Ticket, { code: 'A2', open: true, note: null });
    await app.objects(Ticket).filter({ id: gone.id }).delete();
    const text = await app
      .get(Fixtures)
      .dump({ entities: ['shop.ticket'], naturalPrimary: true, includeSecrets: true });
    expect(JSON.parse(text)).toMatchObject([
      { fields: { code: 'A1', open: false, note: 'whisper', deletedAt: null } },
      { fields: { code: 'A2', open: true, note: null, deletedAt: expect.any(String) as string } },
    ]);
    await app.get(Fixtures).loadText(text);
    expect(await app.objects(Ticket).withoutScopes().count()).toBe(2);
    const [stored] = await db.query<readonly { note: string }[]>('SELECT note FROM ticket ORDER BY code');
    expect(stored!.note).toMatch(/^enc1:/);
    expect(await app.get(Fixtures).dump({ entities: ['shop.ticket'] })).not.toContain('note');
    expect((await run('prune', { options: { entity: ['shop.ticket'] } })).out).toBe('shop.ticket: 1 row(s) deleted');
    expect(await app.objects(Ticket).withoutScopes().flat('code').all()).toEqual(['A1']);
  });

  describe('flush', () => {
    it('empties the tables, keeps permissions, and lets keys begin anew', async () => {
      const before = await cart('a', '2030-01-01');
      expect((await run('flush', {}, new RecordingIo(['yes']))).out).toMatch(/^Emptied \d+ table\(s\)\.$/);
      expect(await app.objects(Cart).count()).toBe(0);
      expect((await cart('b', '2030-01-01')).id).toBe(before.id);
      expect(await app.objects(Permission).filter({ codename: 'shop.add_cart' }).exists()).toBe(true);
    });

    it('asks, and does nothing without an agreement', async () => {
      await cart('a', '2030-01-01');
      await expect(run('flush')).rejects.toThrow(/Nobody can agree/);
      await expect(run('flush', {}, new RecordingIo(['y']))).rejects.toThrow('Nothing was removed');
      expect(await app.objects(Cart).count()).toBe(1);
    });

    it('refuses to empty what others refer to, and empties single apps', async () => {
      await app.create(Invoice, { cart: await cart('a', '2030-01-01') });
      await expect(run('flush', { args: { apps: ['shop'] }, options: { yes: true } })).rejects.toThrow(/bills.invoice/);
      await run('flush', { args: { apps: ['bills'] }, options: { yes: true } });
      expect([await app.objects(Invoice).count(), await app.objects(Cart).count()]).toEqual([0, 1]);
      await run('flush', { args: { apps: ['bills', 'shop'] }, options: { yes: true } });
      expect(await app.objects(Cart).count()).toBe(0);
    });
  });

  describe('prune', () => {
    it('counts with --pretend and deletes without', async () => {
      await cart('old', '2025-12-31');
      await cart('new', '2026-06-01');
      for (const page of ['a', 'b']) await app.create(Visit, { day: '2025-05-05', page });
      await app.create(Visit, { day: '2026-05-05', page: 'a' });
      const pretended = await run('prune', { options: { pretend: true } });
      expect(pretended.out.split('\n')).toEqual(
        expect.arrayContaining(['shop.cart: 1 row(s) would go', 'shop.visit: 2 row(s) would go']),
      );
      expect(await app.objects(Cart).count()).toBe(2);
      expect((await run('prune', { options: { entity: ['shop.cart'] } })).out).toBe('shop.cart: 1 row(s) deleted');
      expect((await run('prune')).out).toContain('shop.visit: 2 row(s) deleted');
      expect(await app.objects(Cart).flat('name').all()).toEqual(['new']);
      expect(await app.objects(Visit).count()).toBe(1);
      await expect(run('prune', { options: { entity: ['shop.card'] } })).rejects.toThrow(/Did you mean "shop.cart"/);
    });

    it('goes on with others where rows are still needed', async () => {
      await app.create(Invoice, { cart: await cart('old', '2025-12-31') });
      await app.create(Visit, { day: '2025-05-05', page: 'a' });
      const { code, out, err } = await run('prune');
      expect([code, err]).toEqual([1, expect.stringContaining('shop.cart: orm.foreign_key')]);
      expect(out).toContain('shop.visit: 1 row(s) deleted');
    });
  });
});
