import { CheckRunner, CoreModule, QUERY_LOG, runWith, SecretKeys, SignalHub, type QueryRecord } from 'bowerbird/core';
import {
  Count,
  ManyToManyThrough,
  postBulkCreate,
  postBulkDelete,
  relatedChanged,
  type LinkedRows,
} from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Player {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @ManyToManyThrough(() => Club, () => Membership, { own: 'player' }) clubs: LinkedRows<Club, Membership>;
}

/** Its key has two columns. */
@Entity()
class Club {
  @PrimaryColumn({ length: 2 }) country: string;
  @PrimaryColumn() code: number;
  @Column({ length: 40 }) name: string;
  @ManyToManyThrough(() => Player, () => Membership, { target: 'player' }) players: Relation<Player>[];
  @OneToMany(() => Membership, ({ club }) => club) memberships: Relation<Membership>[];
}

@Entity()
@Unique(['player', 'club'])
class Membership {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Player, { nullable: false, onDelete: 'CASCADE' }) player: Relation<Player>;
  @ManyToOne(() => Club, { nullable: false, onDelete: 'CASCADE' }) club: Relation<Club>;
  @ManyToOne(() => Player, { nullable: true }) inviter: Relation<Player> | null;
  @Column({ length: 20, default: 'member' }) role: string;
}

eachDatabase((database) => {
  describe('a many-to-many relation through an entity', () => {
    let app: OrmTestApp;
    let ada: Player;
    let bo: Player;
    let clubs: Club[];
    const heard: string[] = [];
    const keysOf = (list: readonly unknown[]): string => JSON.stringify(list);
    beforeAll(async () => {
      app = await openOrm({
        database: database.url,
        entities: [Player, Club, Membership],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      });
      const hub = app.get(SignalHub);
      hub.connect(postBulkCreate, Membership, ({ created }) => heard.push(`created ${created.length}`));
      hub.connect(postBulkDelete, Membership, ({ count }) => heard.push(`deleted ${count}`));
      hub.connect(relatedChanged, Player, ({ path, added, removed }) =>
        heard.push(`${path} +${keysOf(added)} -${keysOf(removed)}`),
      );
    });
    afterAll(() => app?.close());
    beforeEach(async () => {
      [ada, bo] = (await app.db.objects(Player).bulkCreate([{ name: 'Ada' }, { name: 'Bo' }])) as [Player, Player];
      clubs = await app.db
        .objects(Club)
        .bulkCreate([1, 2, 3].map((code) => ({ country: 'de', code, name: `C${code}` })));
      heard.length = 0;
    });
    afterEach(async () => {
      for (const entity of [Membership, Club, Player]) await app.db.objects<object>(entity).delete();
    });

    const memberships = () => app.db.objects(Membership).selectRelated('inviter').orderBy('club.code').all();
    const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);

    it('writes its links as rows of the entity, with values of their own, and tells of both', async () => {
      const set = app.db.related(ada, 'clubs');
      await set.add(clubs[0]!, clubs[1]!, { throughDefaults: { role: 'captain', inviter: bo } });
      expect((await memberships()).map(({ role, inviter }) => [role, inviter?.name])).toEqual([
        ['captain', 'Bo'],
        ['captain', 'Bo'],
      ]);
      await set.linkedBy(Membership).add(clubs[1]!, clubs[2]!, { throughDefaults: { role: 'guest' } });
      expect((await memberships()).map(({ role }) => role)).toEqual(['captain', 'captain', 'guest']);
      await set.set([clubs[2]!]);
      expect((await memberships()).map(({ role }) => role)).toEqual(['guest']);
      await set.remove(clubs[1]!, clubs[2]!);
      expect(heard).toEqual([
        'created 2',
        'clubs +[{"country":"de","code":"1"},{"country":"de","code":"2"}] -[]',
        'created 1',
        'clubs +[{"country":"de","code":"3"}] -[]',
        'deleted 2',
        'clubs +[] -[{"country":"de","code":"1"},{"country":"de","code":"2"}]',
        'deleted 1',
        'clubs +[] -[{"country":"de","code":"3"}]',
      ]);
    });

    it('is a set from the other side, too, and forgets what was loaded', async () => {
      const set = app.db.related(clubs[0]!, 'players');
      await set.set([ada.id, bo], { throughDefaults: { role: 'founder' } });
      await app.db.loadRelated(clubs, 'players');
      expect(clubs.map(({ players }) => names(players).sort())).toEqual([['Ada', 'Bo'], [], []]);
      const cy = await set.create({ name: 'Cy' }, { throughDefaults: { role: 'new' } });
      expect(clubs[0]!.players).toBeUndefined();
      expect(names(await set.objects.orderBy('name').all())).toEqual(['Ada', 'Bo', 'Cy']);
      expect((await set.keys()).map(Number)).toContain(cy.id);
      await set.clear();
      expect(await app.db.objects(Membership).count()).toBe(0);
    });

    it('is asked, counted, ordered by and prefetched as any relation', async () => {
      await app.db.related(ada, 'clubs').add(clubs[0]!, clubs[1]!);
      await app.db.related(bo, 'clubs').add(clubs[1]!);
      const players = app.db.objects(Player);
      expect(names(await players.filter({ 'clubs.name': 'C1' }).all())).toEqual(['Ada']);
      expect(names(await players.exclude({ clubs: clubs[0]! }).all())).toEqual(['Bo']);
      const counted = await players
        .annotate({ joined: Count('clubs') })
        .orderBy('-joined')
        .all();
      expect(counted.map(({ name, joined }) => [name, joined])).toEqual([
        ['Ada', 2],
        ['Bo', 1],
      ]);
      const log: QueryRecord[] = [];
      const rows = await runWith(QUERY_LOG, log, () => players.prefetchRelated('clubs.players').orderBy('name').all());
      expect(log).toHaveLength(3);
      expect(rows.map((row) => names(row.clubs).sort())).toEqual([['C1', 'C2'], ['C2']]);
    });

    it('links many rows by a few statements, and none when one is refused', async () => {
      const many = await app.db
        .objects(Club)
        .bulkCreate(Array.from({ length: 700 }, (_, code) => ({ country: 'at', code, name: 'many' })));
      await app.db.related(ada, 'clubs').set(many);
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, () => app.db.related(ada, 'clubs').set(many.slice(0, 50)));
      expect(log.length).toBeLessThan(14);
      expect(await app.db.related(ada, 'clubs').objects.count()).toBe(50);
      const missing = { country: 'xx', code: 9 };
      await expect(app.db.related(bo, 'clubs').add(clubs[0]!, missing)).rejects.toMatchObject({
        code: 'orm.foreign_key',
      });
      expect(await app.db.related(bo, 'clubs').keys()).toEqual([]);
      await app.db.query(`DELETE FROM club WHERE country = 'at'`);
    });

    it('refuses values that the entity has not, rows without a key, and defaults of other relations', async () => {
      const set = app.db.related(ada, 'clubs');
      await expect(set.add(clubs[0]!, { throughDefaults: { rank: 1 } as object })).rejects.toMatchObject({
        code: 'orm.unknown_path',
      });
      const owned = app.db.related(clubs[0]!, 'memberships');
      const refused = { code: 'orm.related_set' };
      expect(() => set.linkedBy(Club)).toThrow(expect.objectContaining(refused));
      expect(() => owned.linkedBy(Membership)).toThrow(expect.objectContaining(refused));
      expect(() => set.linkedBy('Membership' as never)).toThrow(expect.objectContaining(refused));
      await expect(owned.add(1, { throughDefaults: { role: 'x' } })).rejects.toMatchObject({ code: 'orm.related_set' });
      await expect(app.db.related(new Player(), 'clubs').add(clubs[0]!)).rejects.toMatchObject({
        code: 'orm.related_set',
      });
    });
  });
});

describe('checks of many-to-many relations through an entity', () => {
  it('find entities that cannot be gone by', async () => {
    @Entity()
    class Link {
      @PrimaryGeneratedColumn() id: number;
      @ManyToOne(() => Side) one: Relation<Side>;
      @ManyToOne(() => Side) two: Relation<Side>;
    }
    @Entity()
    class Hidden {
      @PrimaryGeneratedColumn() id: number;
      @ManyToOne(() => Side) side: Relation<Side>;
      @ManyToOne(() => Link) link: Relation<Link>;
      @DeleteDateColumn() deletedAt: Date | null;
    }
    @Entity()
    class Side {
      @PrimaryGeneratedColumn() id: number;
      @ManyToManyThrough(() => Side, () => Link, { own: 'one', target: 'two' }) fine: Side[];
      @ManyToManyThrough(() => Side, () => Link) several: Side[];
      @ManyToManyThrough(() => Side, () => Link, { own: 'one', target: 'three' }) misspelt: Side[];
      @ManyToManyThrough(() => Hidden, () => Link, { own: 'one' }) none: Hidden[];
      @ManyToManyThrough(() => Link, () => Hidden) hidden: Link[];
      @ManyToManyThrough(() => Player, () => Link) foreign: Player[];
    }
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Link, Hidden, Side],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    expect(findings.filter(({ id }) => id === 'orm.E060').map(({ message, hint }) => `${message} ${hint}`)).toEqual([
      'Side.several goes by Link, which has several references to the row that the relation starts at Say own: one, two',
      'Side.misspelt goes by Link.three, which is no reference to the related row There is: two',
      'Side.none goes by Link, which has no reference to the related row Add a @ManyToOne to it',
      'Side.hidden goes by Hidden, whose default scopes hide rows Links are there or not; query over it by its path',
      'Side.foreign names Player, which is no entity of the same database List it in the entities of an app of this database',
    ]);
    await expect(app.db.objects(Side).filter({ several: 1 }).count()).rejects.toMatchObject({
      code: 'orm.unfit_through',
    });
    await app.close();
  });
});
