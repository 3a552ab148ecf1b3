import { type Class } from 'bowerbird/core';
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

/** Entities of one moment; classes of the same names may exist at another one. */
function library(): readonly [Class, Class, Class] {
  @Entity()
  class Author {
    @PrimaryGeneratedColumn() id: number;
    @Column() name: string;
    @OneToMany(() => Book, (book) => book.author) books: Relation<Book>[];
  }
  @Entity()
  class Tag {
    @PrimaryGeneratedColumn() id: number;
    @Column() name: string;
  }
  @Entity()
  @Unique(['title', 'author'])
  class Book {
    @PrimaryGeneratedColumn() id: number;
    @Column({ length: 50 }) title: string;
    @ManyToOne(() => Author, (author) => author.books, { onDelete: 'CASCADE' }) author: Relation<Author>;
    @ManyToMany(() => Tag) @JoinTable() tags: Relation<Tag>[];
  }
  return [Author, Tag, Book];
}

/** The same with a longer title, renamed fields and entities, a bigint key and more relations. */
function grownLibrary(): readonly [Class, Class, Class, Class] {
  @Entity()
  class Author {
    @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
    @Column('text') fullName: string;
    @ManyToOne(() => Author, { nullable: true, onDelete: 'SET NULL' }) mentor: Relation<Author> | null;
  }
  @Entity()
  class Label {
    @PrimaryGeneratedColumn() id: number;
    @Column({ unique: true }) name: string;
  }
  @Entity()
  @Unique(['headline', 'author'])
  @Check('CHK_pages', 'pages > 0')
  class Book {
    @PrimaryGeneratedColumn() id: number;
    @Column({ length: 150 }) headline: string;
    @Index() @Column({ default: 1 }) pages: number;
    @ManyToOne(() => Author, { onDelete: 'CASCADE' }) author: Relation<Author>;
    @ManyToMany(() => Label) @JoinTable() labels: Relation<Label>[];
  }
  @Entity()
  class Cover {
    @PrimaryGeneratedColumn('uuid') id: string;
    @OneToOne(() => Book, { onDelete: 'CASCADE' }) @JoinColumn() book: Relation<Book>;
  }
  return [Author, Label, Book, Cover];
}

const RENAMES = {
  rename: ['shop.Tag:Label', 'shop.Author.name:fullName', 'shop.Book.title:headline', 'shop.Book.tags:labels'],
};

describe('relations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('follow renames, wider keys and new rules without losing a row, forth and back', async () => {
      const project = new EvolvingProject(suite.url);
      const [Author, Tag, Book] = library();
      await project.evolve([Author, Tag, Book]);
      await project.with([Author, Tag, Book], async ({ db: { dataSource } }) => {
        const tags = await dataSource.manager.save(Tag, [{ name: 'новый' }, { name: 'old' }]);
        const author = await dataSource.manager.save(Author, { name: 'Ünal' });
        await dataSource.manager.save(Book, [
          { title: 'One', author, tags },
          { title: 'Two', author, tags: [tags[0]!] },
        ]);
      });

      const grown = grownLibrary();
      const [NewAuthor, Label, NewBook, Cover] = grown;
      await project.with(grown, async (app) => {
        await expect(project.make(app)).rejects.toMatchObject({
          code: 'orm.migration_question',
          message: 'Was the entity shop.Tag renamed to Label?',
          hint: expect.stringContaining('--rename shop.Tag:Label'),
        });
        await project.make(app, RENAMES);
        await project.migrate(app);
        const { manager } = app.db.dataSource;
        const books = await manager.find(NewBook, {
          relations: { author: true, labels: true },
          order: { id: 'ASC' },
        });
        expect(books).toMatchObject([
          {
            headline: 'One',
            pages: 1,
            author: { fullName: 'Ünal' },
            labels: [{ name: 'новый' }, { name: 'old' }],
          },
          { headline: 'Two', pages: 1, labels: [{ name: 'новый' }] },
        ]);
        await manager.save(Cover, { book: books[0] });
        await expect(manager.save(Cover, { book: books[0] })).rejects.toThrow();
        await expect(app.db.save(Object.assign(books[1]!, { headline: 'One' }))).rejects.toMatchObject({
          code: 'orm.unique',
          fields: ['headline', 'author'],
        });
        await expect(app.db.save(Object.assign(books[1]!, { headline: 'Two', pages: 0 }))).rejects.toMatchObject({
          code: 'orm.check',
        });
        await expect(
          app.db.save(Object.assign(Object.create(Label.prototype as object) as object, { name: 'old' })),
        ).rejects.toMatchObject({ code: 'orm.unique' });
        expect((await project.make(app, { check: true })).text).toContain('No changes detected.');
        await app.db.query('DELETE FROM cover');
        await manager.insert(NewAuthor, { fullName: 'Second' });
      });

      await project.with([Author, Tag, Book], async (app) => {
        await project.migrate(app, '0001');
        const { manager } = app.db.dataSource;
        const rows = await manager.find(Book, {
          relations: { author: true, tags: true },
          order: { id: 'ASC' },
        });
        expect(rows).toMatchObject([
          { title: 'One', author: { id: 1, name: 'Ünal' }, tags: [{ name: 'новый' }, { name: 'old' }] },
          { title: 'Two', tags: [{ name: 'новый' }] },
        ]);
        await manager.delete(Author, { id: 1 });
        expect(await manager.count(Book)).toBe(0);
        const fresh = await manager.save(Author, { name: 'Third' });
        expect((fresh as unknown as { id: number }).id).toBe(3);
        await project.migrate(app, 'zero');
        expect(await project.show(app)).toContain('[ ] 0001_initial');
      });
    });

    it('keep the children of a table that is built anew', async () => {
      const project = new EvolvingProject(suite.url);
      const [Author, Tag, Book] = library();
      await project.evolve([Author, Tag, Book]);
      const [First, , Third] = [Author, Tag, Book];
      await project.with([Author, Tag, Book], async ({ db: { dataSource } }) => {
        const author = await dataSource.manager.save(First, { name: 'A' });
        await dataSource.manager.save(Third, { title: 'One', author });
      });
      const [Other, Other2, Other3] = library();
      Column({ type: 'int', default: 3 })(Other.prototype, 'rank');
      Unique(['name'])(Other);
      await project.evolve([Other, Other2, Other3]);
      await project.with([Other, Other2, Other3], async (app) => {
        expect(await app.db.dataSource.manager.find(Other3, { relations: { author: true } })).toMatchObject([
          { title: 'One', author: { name: 'A', rank: 3 } },
        ]);
        await project.migrate(app, 'zero');
      });
    });

    it('may run in a circle, and have composite keys', async () => {
      @Entity()
      class Order {
        @PrimaryGeneratedColumn() id: number;
        @ManyToOne(() => OrderLine, { nullable: true, onDelete: 'SET NULL' }) main: Relation<OrderLine> | null;
        @OneToMany(() => OrderLine, (line) => line.order) lines: Relation<OrderLine>[];
      }
      @Entity()
      class OrderLine {
        @PrimaryColumn('int') orderId: number;
        @PrimaryColumn('int') position: number;
        @ManyToOne(() => Order, (order) => order.lines, { onDelete: 'CASCADE' }) order: Relation<Order>;
        @Column() text: string;
      }
      const project = new EvolvingProject(suite.url);
      await project.with([Order, OrderLine], async (app) => {
        await project.make(app);
        await project.migrate(app);
        expect(project.read('0001_initial.ts')).toContain("ops.addField(\n      'Order',\n      'main'");
        const { manager } = app.db.dataSource;
        const order = await manager.save(manager.create(Order));
        const line = await manager.save(OrderLine, { order, position: 1, text: 'x' });
        await manager.save(Order, { id: order.id, main: line });
        expect(await manager.find(Order, { relations: { main: true } })).toMatchObject([
          { main: { position: 1, text: 'x' } },
        ]);
        expect((await project.make(app)).text).toContain('No changes detected.');
        await app.db.query('UPDATE "order" SET id = id'.replaceAll('"', suite.dialect === 'mysql' ? '`' : '"'));
        await project.migrate(app, 'zero');
      });
    });

    it('are removed with their columns and tables, and what referred to them first', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve([...library()]);
      @Entity()
      class Author {
        @PrimaryGeneratedColumn() id: number;
        @Column() name: string;
      }
      await project.with([Author], async (app) => {
        const io = await project.make(app, {}, new RecordedIo());
        expect(io.lines.filter((line) => line.startsWith('  - '))).toEqual([
          '  - Drop entity Book',
          '  - Drop entity Tag',
        ]);
        await project.migrate(app);
        await project.migrate(app, '0001');
        await project.migrate(app, 'zero');
      });
    });
  });
});
