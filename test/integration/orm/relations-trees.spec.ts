import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Folder {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;

  @ManyToOne(() => Folder, (folder) => folder.folders, { nullable: true })
  parent: Relation<Folder> | null;

  @OneToMany(() => Folder, (folder) => folder.parent)
  folders: Relation<Folder>[];
}

@Entity()
@Tree('closure-table')
class Branch {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;

  @TreeParent()
  parent: Relation<Branch> | null;

  @TreeChildren()
  children: Relation<Branch>[];
}

@Entity()
@Tree('materialized-path')
class Path {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;

  @TreeParent()
  parent: Relation<Path> | null;

  @TreeChildren()
  children: Relation<Path>[];
}

/** Its key has two columns. */
@Entity()
class Page {
  @PrimaryColumn()
  site: number;

  @PrimaryColumn()
  number: number;

  @Column()
  name: string;

  @Column({ type: 'int', nullable: true })
  aboveSite: number | null;

  @Column({ type: 'int', nullable: true })
  aboveNumber: number | null;

  @ManyToOne(() => Page, { nullable: true })
  @JoinColumn([
    { name: 'aboveSite', referencedColumnName: 'site' },
    { name: 'aboveNumber', referencedColumnName: 'number' },
  ])
  above: Relation<Page> | null;
}

type Named = Folder | Branch | Path;

eachDatabase((database) => {
  describe('trees', () => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Folder, Branch, Path, Page] });
      for (const entity of [Folder, Branch, Path]) {
        const make = async (name: string, parent: Named | null): Promise<Named> =>
          app.db.save(Object.assign(new entity(), { name, parent }));
        const root = await make('root', null);
        const [a] = [await make('a', root), await make('b', root)];
        const leaf = await make('a1', a);
        await make('a1x', leaf);
        await make('other', null);
      }
      const page = async (number: number, above: number | null): Promise<Page> =>
        app.db.save(
          Object.assign(new Page(), {
            site: 1,
            number,
            name: `page ${number}`,
            aboveSite: above && 1,
            aboveNumber: above,
          }),
        );
      for (const [number, above] of [
        [1, null],
        [2, 1],
        [3, 2],
        [4, 1],
      ] as const)
        await page(number, above);
    });
    afterAll(() => app?.close());

    it.each([
      ['references alone', Folder],
      ['a closure table', Branch],
      ['a materialized path', Path],
    ] as const)('of %s have ancestors, descendants, children and siblings', async (_, entity) => {
      const rows = app.db.objects(entity as typeof Folder).untyped();
      const named = async (name: string): Promise<Named> => (await rows.get({ name })) as Named;
      const names = async (query: { all(): Promise<readonly object[]> }): Promise<string[]> =>
        (await query.all()).map((row) => (row as Named).name).sort();
      const [root, a, leaf] = [await named('root'), await named('a'), await named('a1')];
      expect(await names(app.db.tree(root).descendants())).toEqual(['a', 'a1', 'a1x', 'b']);
      expect(await names(app.db.tree(a).descendants())).toEqual(['a1', 'a1x']);
      expect(await names(app.db.tree(leaf).ancestors())).toEqual(['a', 'root']);
      expect(await names(app.db.tree(root).ancestors())).toEqual([]);
      expect(await names(app.db.tree(root).children())).toEqual(['a', 'b']);
      expect(await names(await app.db.tree(a).siblings())).toEqual(['b']);
      expect(await names(await app.db.tree(root).siblings())).toEqual(['other']);
      expect(await app.db.tree(root).descendants().untyped().filter({ name__startswith: 'a' }).count()).toBe(3);
    });

    it('end where they go in circles', async () => {
      const [a, leaf] = await app.db
        .objects(Folder)
        .filter({ name__in: ['a', 'a1x'] })
        .orderBy('id')
        .all();
      await app.db.objects(Folder).filter({ name: 'a' }).update({ parent: leaf! });
      expect(await app.db.tree(a!).descendants().flat('name').all()).toEqual(
        expect.arrayContaining(['a', 'a1', 'a1x']),
      );
      const root = await app.db.objects(Folder).get({ name: 'root' });
      await app.db.objects(Folder).filter({ name: 'a' }).update({ parent: root });
    });

    it('may have keys of several columns', async () => {
      const [first, , third] = await app.db.objects(Page).orderBy('number').all();
      expect(await app.db.tree(first!).descendants().orderBy('number').flat('number').all()).toEqual([2, 3, 4]);
      expect(await app.db.tree(third!, 'above').ancestors().orderBy('number').flat('number').all()).toEqual([1, 2]);
    });

    it('are not made of any entity', async () => {
      const folder = await app.db.objects(Folder).get({ name: 'root' });
      expect(() => app.db.tree(folder, 'name')).toThrow('no one reference');
      expect(() => app.db.tree(Object.assign(new Folder(), {}), 'parent').ancestors()).toThrow('no key yet');
    });
  });
});
