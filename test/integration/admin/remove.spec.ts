import { Injectable, Module } from '@nestjs/common';
import { Admin, AdminFor, ModelAdmin, type AdminContext } from 'bowerbird/admin';
import { AuditEntry } from 'bowerbird/audit';
import { Permission, Policy, type AbstractUser, type EntityPolicy } from 'bowerbird/auth';
import { App, Database, Meta, OnDeleteSet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';

@Entity('rm_shelf')
@Admin({ list: ['name'], search: ['name'], deleteSample: 3 })
@Meta({ labelPlural: 'Shelves' })
class Shelf {
  @PrimaryColumn({ length: 40 }) name: string;
}

@Entity('rm_topic')
@Admin({ list: ['name'] })
class Topic {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Entity('rm_book')
@Admin({ list: ['title'] })
class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) title: string;
  @ManyToOne(() => Shelf, { onDelete: 'CASCADE', nullable: false }) shelf: Relation<Shelf>;
  @ManyToOne(() => Book, { onDelete: 'SET NULL' }) sequelOf: Relation<Book> | null;
  @ManyToMany(() => Topic) @JoinTable({ name: 'rm_book_topics' }) topics: Topic[];
}

/** Not in the admin. */
@Entity('rm_page')
class Page {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Book, { onDelete: 'CASCADE', nullable: false }) book: Relation<Book>;
}

/** Goes to another topic when its own is deleted. */
@Entity('rm_review')
class Review {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Topic)
  @OnDeleteSet(({ objects }) => objects(Topic).filter({ name: 'Other' }).first())
  topic: Relation<Topic> | null;
}

@Entity('rm_loan')
@Admin({ list: ['reader'] })
@Meta({ display: 'reader' })
class Loan {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) reader: string;
  @ManyToOne(() => Book, { onDelete: 'RESTRICT', nullable: false }) book: Relation<Book>;
}

/** A tree whose rows may form a circle. */
@Entity('rm_node')
class Node {
  @PrimaryColumn() id: number;
  @ManyToOne(() => Node, { onDelete: 'CASCADE' }) parent: Relation<Node> | null;
}

@AdminFor(Node, { list: ['id'] })
class NodeAdmin extends ModelAdmin<Node> {
  override beforeDelete(row: Node, { request }: AdminContext): void {
    if (request.query['fail'] === '1') throw new Error(`hook of ${row.id}`);
  }
}

@Policy(Book)
@Injectable()
class BookPolicy implements EntityPolicy<Book> {
  delete(_user: AbstractUser, book?: Book): boolean | undefined {
    return book?.title.startsWith('Locked') ? false : undefined;
  }
}

@App({ name: 'rm', label: 'Library', entities: [Shelf, Topic, Book, Page, Review, Loan, Node], migrations: false })
@Module({ providers: [NodeAdmin, BookPolicy] })
class LibraryModule {}

eachDatabase((database) => {
  let app: TestApp;
  let root: TestClient;
  const db = () => app.get(Database);
  const save = <T extends object>(type: new () => T, values: object): Promise<T> =>
    db().save(Object.assign(new type(), values));

  beforeAll(async () => {
    const own = { dialect: database.dialect, url: database.url, drop: async () => undefined };
    app = await createTestApp({ apps: [LibraryModule] }, { database: own, schema: 'none' });
    await db().dataSource.synchronize();
    root = await app.login();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    for (const entity of [Review, Loan, Page, Book, Shelf, Topic, Node, AuditEntry] as (new () => object)[])
      await app.objects(entity).delete();
  });

  async function staff(email: string, codenames: readonly string[]): Promise<TestClient> {
    const user = await app.createUser({ email, isStaff: true });
    user.permissions = [];
    for (const codename of codenames) {
      const known = await app.objects(Permission).filter({ codename }).first();
      user.permissions.push(known ?? (await save(Permission, { codename, label: codename, app: 'Library' })));
    }
    await db().save(user);
    return app.login({ email });
  }

  /** A shelf with books of three pages each. */
  async function library(titles: readonly string[] = ['Emma', 'Ulysses', 'Dune', 'Solaris']): Promise<Book[]> {
    const shelf = await save(Shelf, { name: 'A/1 %' });
    const topic = await save(Topic, { name: 'Novel' });
    const books: Book[] = [];
    for (const title of titles) {
      const book = await save(Book, { title, shelf, sequelOf: null, topics: [topic] });
      for (let page = 0; page < 3; page += 1) await save(Page, { book });
      books.push(book);
    }
    return books;
  }
  const SHELF = '/admin/rm/shelf/A_2F1_20_25/delete/';

  describe('the delete page', () => {
    it('counts three levels and links, names a few rows, and deletes nothing', async () => {
      await library();
      const { status, text } = await root.get(SHELF);
      expect(status).toBe(200);
      expect(text).toContain('Delete “A/1 %”?');
      expect(text).toContain('4 books, 12 pages');
      expect(text).toContain('and 1 more');
      expect(text).toMatch(/Books – Topics[^]*?links will be removed[^]*?>4</);
      expect(text).toMatch(/href="\/admin\/rm\/book\/\d+\/change\/"/);
      expect(text).toContain('Delete 17 rows');
      expect(await app.objects(Book).count()).toBe(4);
    });

    it('deletes everything with its confirmation and goes back to the list as it was', async () => {
      await library();
      const answer = await root.submit(`${SHELF}?_list=q%3DA%26p%3D2`, { confirm: 1 }, {});
      expect(answer.status).toBe(303);
      const list = await root.post(`${SHELF}?_list=q%3DA`, { confirm: 1 });
      expect([answer.location, list.location]).toEqual(['/admin/rm/shelf/?q=A&p=2', '/admin/rm/shelf/?q=A']);
      expect(await app.objects(Shelf).count()).toBe(0);
      expect(await app.objects(Page).count()).toBe(0);
      expect(await app.objects(Topic).count()).toBe(1);
    });

    it('tells rows that get another reference', async () => {
      const [topic, other] = [await save(Topic, { name: 'Novel' }), await save(Topic, { name: 'Other' })];
      const review = await save(Review, { topic });
      const page = `/admin/rm/topic/${topic.id}/delete/`;
      expect((await root.get(page)).text).toContain('will have another “Topic”');
      expect((await root.post(page, { confirm: 1 })).status).toBe(303);
      expect(await app.objects(Review).filter({ topic: other }).flat('id').all()).toEqual([review.id]);
    });

    it('says what was deleted, once', async () => {
      await library();
      await root.submit(SHELF, { confirm: 1 });
      const { text } = await root.get('/admin/rm/shelf/');
      expect(text).toContain('The shelf “A/1 %” was deleted, and with it 4 books, 12 pages.');
    });

    it('asks again without the confirmation, and never leads elsewhere', async () => {
      await library();
      expect((await root.submit(SHELF, {})).status).toBe(200);
      expect(await app.objects(Shelf).count()).toBe(1);
      const away = await root.post(`${SHELF}?_list=${encodeURIComponent('\r\nhttps://evil.example#x')}`, {
        confirm: 1,
      });
      expect(away.location).toMatch(/^\/admin\/rm\/shelf\/\?[^\r\n#]*$/);
    });

    it('keeps who deleted what and what went with it, before it is gone', async () => {
      await library();
      await app.objects(AuditEntry).delete();
      await root.submit(SHELF, { confirm: 1 });
      const entries = await app.objects(AuditEntry).orderBy('id').all();
      const kept = entries.map(({ entity, action, objectText, message }) => [entity, action, objectText, message]);
      const byText = (left: unknown[], right: unknown[]) => (left.join() < right.join() ? -1 : 1);
      const books = ['Dune', 'Emma', 'Solaris', 'Ulysses'];
      expect([...kept.slice(0, -1).sort(byText), kept.at(-1)]).toEqual([
        ...books.map((title) => ['rm.book', 'delete', title, 'Deleted with shelf “A/1 %”.']),
        ['rm.shelf', 'delete', 'A/1 %', 'Also deleted: 4 books, 12 pages.'],
      ]);
      expect(entries.every(({ actorLabel }) => actorLabel.startsWith('admin-'))).toBe(true);
    });

    it('is the list with a word about it when the row is gone or never was', async () => {
      const answer = await root.get('/admin/rm/book/999999/delete/');
      expect([answer.status, answer.location]).toEqual([303, '/admin/rm/book/']);
      for (const key of ['abc', '_2F', '%27', '1%00'])
        expect([303, 400, 404]).toContain((await root.get(`/admin/rm/book/${key}/delete/`)).status);
    });

    it('needs a token', async () => {
      await library();
      const answer = await root.post(SHELF, { confirm: 1 }, { csrf: false });
      expect(answer.status).toBe(403);
      expect(await app.objects(Shelf).count()).toBe(1);
    });
  });

  describe('rows that forbid it', () => {
    it('are listed, leave no button, and turn a forged confirmation into 409', async () => {
      const [book] = await library();
      await save(Loan, { reader: '<b>Zoe</b>', book });
      const page = await root.get(SHELF);
      expect(page.text).toContain('Other rows need what you want to delete');
      expect(page.text).toContain('&lt;b&gt;Zoe&lt;/b&gt;</a>');
      expect(page.text).not.toContain('name="confirm"');
      const forged = await root.post(SHELF, { confirm: 1 });
      expect(forged.status).toBe(409);
      expect(forged.text).toContain('Other rows need');
      expect(await app.objects(Book).count()).toBe(4);
      expect(await app.objects(AuditEntry).filter({ action: 'delete' }).exists()).toBe(false);
    });
  });

  describe('permissions', () => {
    it('are needed for every entity of the admin of which rows would go', async () => {
      await library();
      const ann = await staff('ann@example.com', ['rm.view_shelf', 'rm.delete_shelf', 'rm.view_book']);
      const page = await ann.get(SHELF);
      expect(page.text).toContain('Your account may not delete: Books');
      expect(page.text).not.toContain('name="confirm"');
      expect((await ann.post(SHELF, { confirm: 1 })).status).toBe(403);
      expect(await app.objects(Shelf).count()).toBe(1);
      const bob = await staff('bob@example.com', ['rm.delete_shelf', 'rm.delete_book']);
      const seen = await bob.get(SHELF);
      expect(seen.text).toContain('4 books');
      expect(seen.text).not.toContain('Ulysses');
      expect((await bob.post(SHELF, { confirm: 1 })).status).toBe(303);
    });

    it('are asked of policies for each row that would go', async () => {
      await library(['Emma', 'Locked away']);
      const cid = await staff('cid@example.com', ['rm.delete_shelf', 'rm.delete_book', 'rm.view_book']);
      expect((await cid.get(SHELF)).text).toContain('Your account may not delete: Books');
      expect((await cid.post(SHELF, { confirm: 1 })).status).toBe(403);
      const locked = await app.objects(Book).get({ title: 'Locked away' });
      expect((await cid.get(`/admin/rm/book/${locked.id}/delete/`)).status).toBe(403);
      const free = await app.objects(Book).get({ title: 'Emma' });
      expect((await cid.submit(`/admin/rm/book/${free.id}/delete/`, { confirm: 1 })).status).toBe(303);
    });

    it('are needed for the row itself', async () => {
      await library();
      const eve = await staff('eve@example.com', ['rm.view_shelf', 'rm.change_shelf']);
      expect((await eve.get(SHELF)).status).toBe(403);
      expect((await eve.post(SHELF, { confirm: 1 })).status).toBe(403);
      expect((await app.client().get(SHELF)).status).toBe(303);
    });
  });

  describe('trees and circles', () => {
    const circle = async (length: number): Promise<void> => {
      for (let id = 1; id <= length; id += 1) await save(Node, { id, parent: id > 1 ? { id: id - 1 } : null });
      await app.objects(Node).filter({ id: 1 }).update({ parent: length });
    };

    it('end', async () => {
      await circle(12);
      expect((await root.get('/admin/rm/node/7/delete/')).text).toContain('Delete 12 rows');
      const answer = await root.post('/admin/rm/node/7/delete/', { confirm: 1 });
      expect(answer.status).toBe(303);
      expect(await app.objects(Node).count()).toBe(0);
    });

    it('may be deeper than MySQL follows them, which is said', async () => {
      await circle(30);
      const answer = await root.submit('/admin/rm/node/7/delete/', { confirm: 1 });
      expect(answer.status).toBe(database.dialect === 'mysql' ? 409 : 303);
      expect(await app.objects(Node).count()).toBe(database.dialect === 'mysql' ? 30 : 0);
      if (database.dialect !== 'mysql') return;
      expect(answer.text).toContain('more levels of them than it can follow');
      await app.objects(Node).filter({ parent__isnull: false }).update({ parent: null });
    });
  });

  describe('a hook that fails', () => {
    it('undoes everything', async () => {
      await save(Node, { id: 1, parent: null });
      await save(Node, { id: 2, parent: { id: 1 } });
      await app.objects(AuditEntry).delete();
      const answer = await root.submit('/admin/rm/node/1/delete/?fail=1', { confirm: 1 });
      expect(answer.status).toBe(500);
      expect(await app.objects(Node).count()).toBe(2);
      expect(await app.objects(AuditEntry).exists()).toBe(false);
    });
  });

  describe('the action on selected rows', () => {
    const LIST = '/admin/rm/book/';

    it('asks with the effects and deletes when that is confirmed', async () => {
      const [emma, ulysses] = await library();
      await app.objects(Book).filter({ title: 'Dune' }).update({ sequelOf: emma!.id });
      const form = { action: 'delete_selected', selected: [emma!.id, ulysses!.id] };
      const asked = await root.submit(LIST, form);
      expect(asked.status).toBe(200);
      expect(asked.text).toContain('Delete 2 books?');
      expect(asked.text).toContain('6 pages');
      expect(asked.text).toMatch(/will have no “Sequel of” any more/);
      expect(await app.objects(Book).count()).toBe(4);
      const done = await root.post(LIST, { ...form, confirmed: 1 });
      expect([done.status, done.location]).toEqual([303, LIST]);
      expect(await app.objects(Book).count()).toBe(2);
      expect((await root.get(LIST)).text).toContain('2 books were deleted, and with them 6 pages.');
    });

    it('is refused by the same rules', async () => {
      const [emma, , dune] = await library();
      await save(Loan, { reader: 'Zoe', book: dune });
      const form = { action: 'delete_selected', selected: [emma!.id, dune!.id] };
      expect((await root.submit(LIST, form)).text).toContain('Other rows need what you want to delete');
      expect((await root.post(LIST, { ...form, confirmed: 1 })).status).toBe(409);
      expect(await app.objects(Book).count()).toBe(4);
    });

    it('covers all pages of the list when asked', async () => {
      await library();
      const form = { action: 'delete_selected', across: 1 };
      expect((await root.submit(LIST, form)).text).toContain('Delete 4 books?');
      await root.post(LIST, { ...form, confirmed: 1 });
      expect(await app.objects(Book).count()).toBe(0);
    });
  });

  describe('a thousand rows below', () => {
    it('cost as many statements as one', async () => {
      await library(['Emma']);
      const few = await app.queries(() => root.get(SHELF));
      const [emma] = await app.objects(Book).all();
      await db().dataSource.manager.insert(
        Page,
        Array.from({ length: 1000 }, () => ({ book: { id: emma!.id } })),
      );
      const many = await app.queries(() => root.get(SHELF));
      expect((await root.get(SHELF)).text).toContain('1,003 pages');
      expect(many.length).toBeLessThanOrEqual(few.length);
      expect(many.length).toBeLessThanOrEqual(16);
    });
  });
});
