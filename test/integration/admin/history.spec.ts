import { Injectable, Module } from '@nestjs/common';
import { Admin } from 'bowerbird/admin';
import { AuditEntry, AuditTrail } from 'bowerbird/audit';
import { Permission, Policy, type AbstractUser, type EntityPolicy } from 'bowerbird/auth';
import { ACTOR, REQUEST_ID, runInContext } from 'bowerbird/core';
import { App, Database, Descriptions, Field, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import { Column, Entity, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';

@Entity('hi_maker')
@Admin({ list: ['name'] })
class Maker {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Entity('hi_label')
@Admin({ list: ['word'] })
@Meta({ display: 'word' })
class Label {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) word: string;
}

@Entity('hi_thing')
@Admin({ list: ['name'] })
class Thing {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
  @Column({ type: 'text', default: '' }) body: string;
  @Column({ type: 'varchar', length: 10, default: 'new' })
  @Field({
    label: 'State',
    choices: [
      { value: 'new', label: 'Brand new' },
      { value: 'old', label: 'Well worn' },
    ],
  })
  state: string;
  @Column({ default: false }) shown: boolean;
  @Column({ type: Date, nullable: true }) seenAt: Date | null;
  @Column({ length: 80, default: '' }) @Field({ sensitive: true }) code: string;
  @ManyToOne(() => Maker, { onDelete: 'SET NULL' }) maker: Relation<Maker> | null;
  @ManyToMany(() => Label) @JoinTable({ name: 'hi_thing_labels' }) labels: Label[];
}

@Entity('hi_own')
@Admin({ list: ['name'] })
class Own {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Policy(Own)
@Injectable()
class OwnPolicy implements EntityPolicy<Own> {
  scope(user: AbstractUser, rows: QuerySet<Own>): QuerySet<Own> {
    return rows.filter({ name: user.email });
  }
}

@App({ name: 'hi', label: 'Things', entities: [Maker, Label, Thing, Own], migrations: false })
@Module({ providers: [OwnPolicy] })
class ThingsModule {}

eachDatabase((database) => {
  let app: TestApp;
  let root: TestClient;
  const db = () => app.get(Database);
  const save = <T extends object>(type: new () => T, values: object): Promise<T> =>
    db().save(Object.assign(new type(), values));

  beforeAll(async () => {
    const own = { dialect: database.dialect, url: database.url, drop: async () => undefined };
    app = await createTestApp({ apps: [ThingsModule] }, { database: own, schema: 'none' });
    await db().dataSource.synchronize();
    root = await app.login();
  });
  afterAll(() => app.close());

  /** Writes as somebody within one request. */
  async function asOne<T>(request: string, label: string, work: () => Promise<T>): Promise<T> {
    return app.run(() =>
      runInContext((context) => {
        context.set(ACTOR, { id: '77', label });
        context.set(REQUEST_ID, request);
        return work();
      }),
    );
  }

  async function staff(email: string, codenames: readonly string[]): Promise<TestClient> {
    const user = await app.createUser({ email, isStaff: true });
    user.permissions = [];
    for (const codename of codenames) {
      const known = await app.objects(Permission).filter({ codename }).first();
      user.permissions.push(known ?? (await save(Permission, { codename, label: codename, app: 'Things' })));
    }
    await db().save(user);
    return app.login({ email });
  }

  describe('the history of a row', () => {
    let thing: Thing;
    let url: string;
    let makers: Maker[];
    beforeAll(async () => {
      makers = await db().save(['Acme', 'Brio'].map((name) => Object.assign(new Maker(), { name })));
      const labels = await db().save(['red', 'blue'].map((word) => Object.assign(new Label(), { word })));
      thing = await asOne('r1', 'Ann', () =>
        save(Thing, {
          name: 'Box',
          body: `A ${'wooden box '.repeat(9)}`,
          code: 's3cret',
          maker: makers[0],
          labels: [],
        }),
      );
      await asOne('r2', 'Ann', async () => {
        thing.state = 'old';
        thing.maker = makers[1]!;
        thing.shown = true;
        thing.code = 'other';
        thing.seenAt = new Date('2026-03-04T05:06:07Z');
        thing.body = thing.body.replace('A wooden box', 'A <b>cardboard</b> box');
        await db().save(thing);
        await db().related(thing, 'labels').set(labels);
        await db().related(thing, 'labels').remove(labels[0]!);
      });
      url = `/admin/hi/thing/${thing.id}/history/`;
    });

    it('tells who did what, newest first', async () => {
      const { status, text } = await root.get(url);
      expect(status).toBe(200);
      expect(text).toContain('History of “Box”');
      expect(text).toContain('Times are in UTC');
      expect(text.match(/<strong>(Added|Changed)<\/strong> by/g)).toEqual([
        '<strong>Changed</strong> by',
        '<strong>Added</strong> by',
      ]);
      expect(text).toMatch(/href="\/admin\/auth\/user\/77\/change\/">Ann</);
      expect(text).toMatch(/<time datetime="[\d-]+T[^"]+Z"><b>now<\/b>/);
    });

    it('shows values as people read them', async () => {
      const { text } = await root.get(url);
      const plain = text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
      expect(plain).toContain('State Before: Brand new → After: Well worn');
      expect(plain).toContain('Maker Before: Acme → After: Brio');
      expect(plain).toContain('Shown Before: No → After: Yes');
      expect(plain).toMatch(/Seen at Before: – → After: Mar 4, 2026, 5:06/);
      expect(plain).toMatch(/Labels Added blue/);
      expect(plain).not.toContain('Removed');
    });

    it('marks the changed words of long texts, escaped', async () => {
      const { text } = await root.get(url);
      expect(text).toContain('<del>wooden</del><ins>&lt;b&gt;cardboard&lt;/b&gt;</ins>');
      expect(text).not.toContain('<b>cardboard');
    });

    it('never shows secrets', async () => {
      const { text } = await root.get(url);
      expect(text).toContain('the value is not shown');
      expect(text).not.toContain('s3cret');
    });

    it('costs the same however much was changed', async () => {
      const few = await app.queries(() => root.get(url));
      for (let index = 0; index < 20; index += 1)
        await asOne(`x${index}`, 'Bob', async () => {
          thing.maker = makers[index % 2]!;
          thing.name = `Box ${index}`;
          await db().save(thing);
        });
      const many = await app.queries(() => root.get(url));
      expect(many.length).toBe(few.length);
      expect(many.length).toBeLessThanOrEqual(9);
    });

    it('comes in pages', async () => {
      for (let index = 0; index < 40; index += 1)
        await asOne(`y${index}`, 'Cid', () =>
          app
            .objects(Thing)
            .filter({ id: thing.id })
            .update({ name: `Case ${index}` }),
        );
      const first = await root.get(url);
      expect(first.text).toContain('Case 39');
      expect(first.text).toMatch(/href="\?p=2" rel="next"/);
      const last = await root.get(`${url}?p=3`);
      expect(last.text).toContain('<strong>Added</strong>');
      expect(last.text).not.toContain('rel="next"');
      for (const p of ['0', '-1', 'x', '99999999', '1&p=2']) expect((await root.get(`${url}?p=${p}`)).status).toBe(200);
    });

    it('says what the application wrote into it', async () => {
      const description = app.get(Descriptions).of(Thing);
      await asOne('note', 'Dee', () =>
        app.get(AuditTrail).record({
          action: 'sent_by_mail',
          description,
          key: String(thing.id),
          text: 'Box',
          message: 'Sent to <Zoe>.',
        }),
      );
      const { text } = await root.get(url);
      expect(text).toContain('<strong>Sent by mail</strong> by');
      expect(text).toContain('Sent to &lt;Zoe&gt;.');
    });

    it('does not name rows that the user may not see', async () => {
      const ann = await staff('ann@example.com', ['hi.view_thing']);
      const { status, text } = await ann.get(`${url}?p=3`);
      expect(status).toBe(200);
      expect(text).not.toContain('Brio');
      expect(text).not.toContain('/admin/auth/user/');
    });

    it('needs the permission to view', async () => {
      const eve = await staff('eve@example.com', ['hi.view_maker']);
      expect((await eve.get(url)).status).toBe(403);
      expect((await app.client().get(url)).location).toMatch(/^\/accounts\/login/);
    });
  });

  describe('the history of a deleted row', () => {
    it('stays', async () => {
      const thing = await asOne('d1', 'Ann', () => save(Thing, { name: 'Gone', labels: [] }));
      const url = `/admin/hi/thing/${thing.id}/history/`;
      await root.submit(`/admin/hi/thing/${thing.id}/delete/`, { confirm: 1 });
      const { status, text } = await root.get(url);
      expect(status).toBe(200);
      expect(text).toContain('History of “Gone”');
      expect(text).toContain('This thing was deleted.');
      expect(text).toContain('<strong>Deleted</strong> by');
    });

    it('is not for people who see only some rows', async () => {
      const own = await save(Own, { name: 'bob@example.com' });
      const foreign = await save(Own, { name: 'zoe@example.com' });
      const bob = await staff('bob@example.com', ['hi.view_own']);
      expect((await bob.get(`/admin/hi/own/${own.id}/history/`)).status).toBe(200);
      expect((await bob.get(`/admin/hi/own/${foreign.id}/history/`)).status).toBe(404);
      const id = own.id;
      await db().remove(own);
      expect((await bob.get(`/admin/hi/own/${id}/history/`)).status).toBe(404);
      expect((await root.get(`/admin/hi/own/${id}/history/`)).status).toBe(200);
    });
  });

  it('is not found for rows that never were', async () => {
    for (const key of ['999999', 'abc', '_27', '1~2'])
      expect((await root.get(`/admin/hi/thing/${key}/history/`)).status).toBe(404);
    const answer = await root.get('/admin/hi/thing/999999/history/', { headers: { accept: 'application/json' } });
    expect(answer.json()).toMatchObject({ status: 404, code: 'admin.row_not_found', detail: 'There is no such thing' });
  });

  it('is empty, and says so, for rows that nobody has changed', async () => {
    const maker = await save(Maker, { name: 'Quiet' });
    await app.objects(AuditEntry).filter({ entity: 'hi.maker' }).delete();
    expect((await root.get(`/admin/hi/maker/${maker.id}/history/`)).text).toContain('No history yet');
  });
});
