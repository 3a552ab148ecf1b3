import { syncSchema } from 'bowerbird/orm';
import {
  Check,
  ChildEntity,
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Tag {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) name: string;
}

@Entity()
class Category {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 80 }) name: string;
  @ManyToOne(() => Category, { nullable: true, onDelete: 'CASCADE' }) parent: Relation<Category> | null;
}

class Address {
  @Column() city: string;
  @Column({ nullable: true, type: 'varchar' }) zip: string | null;
}

@Entity()
@Unique(['code', 'category'])
@Index(['price', 'code'])
@Index(['stock'], { where: 'stock > 10' })
@Check('CHK_stock', 'stock >= 0')
class Product {
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Column({ length: 40 }) code: string;
  @Column('text', { default: "it's" }) description: string;
  @Column('int', { default: 3 }) stock: number;
  @Column('bigint', { nullable: true }) views: string | null;
  @Column('double', { default: 1.5 }) weight: number;
  @Column('decimal', { precision: 12, scale: 2, default: '9.90' }) price: string;
  @Column({ default: true }) active: boolean;
  @Column('date', { nullable: true }) released: string | null;
  @Column('time', { nullable: true }) opens: string | null;
  @Column('datetime', { nullable: true }) seen: Date | null;
  @Column('uuid', { nullable: true }) token: string | null;
  @Column('json', { nullable: true }) data: unknown;
  @Column('enum', { enum: ['draft', 'live'], default: 'draft' }) status: string;
  @Column('blob', { nullable: true }) image: Buffer | null;
  @CreateDateColumn() createdAt: Date;
  @UpdateDateColumn() updatedAt: Date;
  @DeleteDateColumn() deletedAt: Date | null;
  @VersionColumn() version: number;
  @Column(() => Address) address: Address;
  @ManyToOne(() => Category, { onDelete: 'RESTRICT' }) category: Relation<Category>;
  @ManyToMany(() => Tag)
  @JoinTable()
  tags: Relation<Tag>[];
}

@Entity()
class Passport {
  @PrimaryColumn('bigint') productId: string;
  @OneToOne(() => Product, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'productId' })
  product: Relation<Product>;
  @Column() number: string;
}

@Entity()
class Translation {
  @PrimaryColumn({ length: 5 }) language: string;
  @PrimaryColumn('bigint') productId: string;
  @ManyToOne(() => Product, { onDelete: 'CASCADE' }) product: Relation<Product>;
  @Column() text: string;
}

@Entity()
@Tree('materialized-path')
class PathNode {
  @PrimaryGeneratedColumn() id: number;
  @TreeParent({ onDelete: 'CASCADE' }) parent: Relation<PathNode>;
  @TreeChildren() children: Relation<PathNode>[];
}

@Entity()
@Tree('nested-set')
class SetNode {
  @PrimaryGeneratedColumn() id: number;
  @TreeParent() parent: Relation<SetNode>;
  @TreeChildren() children: Relation<SetNode>[];
}

@Entity()
@Tree('closure-table')
class ClosureNode {
  @PrimaryGeneratedColumn() id: number;
  @TreeParent() parent: Relation<ClosureNode>;
  @TreeChildren() children: Relation<ClosureNode>[];
}

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'sort' } })
class Animal {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

@ChildEntity()
class Dog extends Animal {
  @Column() loud: boolean;
  @ManyToOne(() => Tag) tag: Relation<Tag>;
}

@Entity()
class Walk {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Dog) dog: Relation<Dog>;
}

@Entity()
class Host {
  @PrimaryGeneratedColumn() id: number;
  @Column('inet') address: string;
  @Column('int', { array: true, default: '{}' }) ports: number[];
}

const TREES = [PathNode, SetNode, ClosureNode];
const ENTITIES = [Tag, Category, Product, Passport, Translation];

describe('tables from descriptions', () => {
  eachDatabase((suite) => {
    let app: OrmTestApp;

    beforeAll(async () => {
      app = await openOrm({ database: suite.url, entities: ENTITIES, synchronize: false });
    });

    afterAll(() => app.close());

    it.runIf(suite.dialect === 'postgres')('keeps types that only one database has', async () => {
      const own = await openOrm({ database: suite.url, entities: [Host], synchronize: false });
      await syncSchema(own.db);
      const host = await own.db.dataSource.manager.save(Host, { address: '10.0.0.1', ports: [80, 443] });
      expect(await own.db.dataSource.manager.findOneBy(Host, { id: host.id })).toMatchObject({ ports: [80, 443] });
      expect(await own.db.query("SELECT id FROM host WHERE address << '10.0.0.0/8' AND 80 = ANY(ports)")).toHaveLength(
        1,
      );
      await own.db.dataSource.dropDatabase();
      await own.close();
    });

    it('holds trees of each kind and several entities in one table', async () => {
      const own = await openOrm({
        database: suite.url,
        entities: [Tag, Animal, Dog, Walk, ...TREES],
        synchronize: false,
      });
      await syncSchema(own.db);
      const { manager } = own.db.dataSource;
      for (const Node of TREES as unknown as readonly (typeof PathNode)[]) {
        const root = await manager.save(manager.create(Node));
        const child = await manager.save(manager.create(Node, { parent: root }));
        await manager.save(manager.create(Node, { parent: child }));
        expect(await manager.getTreeRepository(Node).countDescendants(root)).toBe(3);
      }
      const dog = await manager.save(Dog, { name: 'Rex', loud: true });
      await manager.save(Animal, { name: 'Mia' });
      await manager.save(Walk, { dog });
      expect(await manager.find(Animal, { order: { id: 'ASC' } })).toMatchObject([
        { name: 'Rex', loud: true },
        { name: 'Mia' },
      ]);
      await own.db.dataSource.dropDatabase();
      await own.close();
    });

    it('creates every table once', async () => {
      const tables = ['tag', 'category', 'product', 'product_tags_tag', 'passport', 'translation'];
      expect([...(await syncSchema(app.db))].sort()).toEqual(tables.sort());
      expect(await syncSchema(app.db)).toEqual([]);
    });

    it('keeps a row of every kind as TypeORM wrote it', async () => {
      const { manager } = app.db.dataSource;
      const category = await manager.save(Category, { name: 'Bücher 📚' });
      const tags = await manager.save(Tag, [{ name: 'a' }, { name: 'b' }]);
      const seen = new Date('2024-02-29T12:34:56.789Z');
      const values = {
        code: 'A-1',
        views: '9007199254740993',
        price: '1234567890.12',
        active: false,
        released: '2024-02-29',
        opens: '08:30:00',
        seen,
        token: '6f1c7a52-6a0b-4a60-8d2b-0d8f8f3a9d11',
        data: { list: [1, 'two', null], text: '日本' },
        status: 'live',
        image: Buffer.from([0, 1, 255]),
        address: { city: 'Zürich', zip: null },
        category,
        tags,
      };
      const { id } = await manager.save(Product, values);
      const row = await manager.findOneOrFail(Product, { where: { id }, relations: { category: true, tags: true } });
      expect(row).toMatchObject({
        ...values,
        id,
        description: "it's",
        stock: 3,
        weight: 1.5,
        version: 1,
        deletedAt: null,
      });
      expect(Math.abs(Date.now() - row.createdAt.getTime())).toBeLessThan(60_000);
      await manager.save(Translation, [
        { language: 'de', product: row, text: 'Grüße' },
        { language: 'fr', product: row, text: 'salut' },
      ]);
      await manager.save(Passport, { product: row, number: 'X' });
      expect(await manager.findOneOrFail(Passport, { where: {}, relations: { product: true } })).toMatchObject({
        product: { id },
      });
    });

    it('refuses what the rules forbid', async () => {
      const { manager } = app.db.dataSource;
      const row = await manager.findOneByOrFail(Product, { code: 'A-1' });
      await expect(app.db.save(Object.assign(row, { stock: -1 }))).rejects.toMatchObject({ code: 'orm.check' });
      const gone = { status: 'gone' };
      await expect(manager.update(Product, { id: row.id }, gone)).rejects.toThrow(
        'takes one of draft, live, got "gone"',
      );
      await expect(manager.query(`UPDATE product SET status = 'gone'`)).rejects.toThrow(/check|constraint/i);
      await expect(app.db.save(manager.create(Tag, { name: 'a' }))).rejects.toMatchObject({
        code: 'orm.unique',
        fields: ['name'],
      });
      const category = await manager.findOneByOrFail(Category, { name: 'Bücher 📚' });
      await expect(app.db.remove(category)).rejects.toMatchObject({ code: 'orm.foreign_key' });
      await manager.save(Tag, { name: 'A' });
      await manager.save(Tag, { name: 'a ' });
      expect(await manager.count(Tag)).toBe(4);
    });

    it('deletes what cascades', async () => {
      const { manager } = app.db.dataSource;
      await manager.delete(Product, { code: 'A-1' });
      expect(await manager.count(Passport)).toBe(0);
      expect(await manager.count(Translation)).toBe(0);
      expect(await app.db.query('SELECT * FROM product_tags_tag')).toEqual([]);
    });
  });
});
