import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { Descriptions, DriftFinder, ForeignKeyError } from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  ForeignKey,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

/** A log of ships: foreign keys that are no relation, and relations that are no foreign key. */
function ships(deepWater = false): { readonly Port: Class; readonly Ship: Class; readonly Visit: Class } {
  @Entity()
  class Port {
    @PrimaryColumn({ length: 5 }) code: string;
    @PrimaryColumn() basin: number;
  }
  @Entity()
  class Ship {
    @PrimaryGeneratedColumn() id: number;
    @Column({ default: '' }) name: string;
    @DeleteDateColumn() sunk: Date | null;
  }
  @Entity()
  @ForeignKey(() => Port, ['portCode', 'portBasin'], ['code', 'basin'], { name: 'fk_visit_port' })
  class Visit {
    @PrimaryGeneratedColumn() id: number;
    @ForeignKey(() => Ship, { onDelete: 'CASCADE' })
    @Column()
    shipId: number;
    @Column({ length: 5 }) portCode: string;
    @Column() portBasin: number;
    @ManyToOne(() => Ship, { createForeignKeyConstraints: deepWater, nullable: false }) pilot: Relation<object>;
    @ManyToMany(() => Ship, { createForeignKeyConstraints: deepWater }) @JoinTable() escorts: Relation<object>[];
    @DeleteDateColumn() struck: Date | null;
  }
  return { Port, Ship, Visit };
}

/** The same with the column of a foreign key under another name. */
function renamedShips(): readonly Class[] {
  const { Port, Ship } = ships();
  @Entity()
  @ForeignKey(() => Port, ['portCode', 'portBasin'], ['code', 'basin'], { name: 'fk_visit_port' })
  class Visit {
    @PrimaryGeneratedColumn() id: number;
    @ForeignKey(() => Ship, { onDelete: 'CASCADE' })
    @Column()
    vesselId: number;
    @Column({ length: 5 }) portCode: string;
    @Column() portBasin: number;
    @ManyToOne(() => Ship, { createForeignKeyConstraints: false, nullable: false }) pilot: Relation<object>;
    @ManyToMany(() => Ship, { createForeignKeyConstraints: false }) @JoinTable() escorts: Relation<object>[];
    @DeleteDateColumn() struck: Date | null;
  }
  return [Port, Ship, Visit];
}

describe('foreign keys as TypeORM declares them', () => {
  it('are a mistake where their rules have no foreign key', async () => {
    const { Ship } = ships();
    @Entity()
    class Crate {
      @PrimaryGeneratedColumn() id: number;
      @ManyToOne(() => Ship, {
        createForeignKeyConstraints: false,
        onDelete: 'CASCADE',
        deferrable: 'INITIALLY DEFERRED',
      })
      ship: Relation<object>;
    }
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Ship, Crate],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    await app.close();
    expect(findings.filter(({ id }) => id === 'orm.E080').map(({ message }) => message)).toEqual([
      'Crate.ship has no foreign key that could carry out its onDelete, deferrable',
    ]);
  });

  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('are refused on MySQL where a reference is to be set to its default', async () => {
      const { Ship } = ships();
      @Entity()
      class Berth {
        @PrimaryGeneratedColumn() id: number;
        @ManyToOne(() => Ship, { onDelete: 'DEFAULT' }) ship: Relation<object>;
        @ForeignKey(() => Ship, { onUpdate: 'DEFAULT' }) @Column({ default: 1 }) lastId: number;
      }
      const app = await openOrm({
        database: suite.url,
        entities: [Ship, Berth],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
      });
      const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
      await app.close();
      const found = findings.filter(({ id }) => id === 'orm.E082').map(({ at }) => at);
      expect(found).toEqual(suite.dialect === 'mysql' ? ['Berth.ship', 'Berth.fk(lastId)'] : []);
    });

    it('come to tables with rows, and go again', async () => {
      const cargo = (kept: boolean): readonly Class[] => {
        const { Ship } = ships();
        @Entity()
        class Cargo {
          @PrimaryGeneratedColumn() id: number;
          @Column() shipId: number;
        }
        if (kept) ForeignKey(() => Ship)(Cargo.prototype, 'shipId');
        return [Ship, Cargo];
      };
      const project = new EvolvingProject(suite.url);
      const store = (shipId: number) =>
        project.with(cargo(true), async (app) => {
          expect((await app.get(DriftFinder).find()).differences).toEqual([]);
          return app.db.query(
            `INSERT INTO cargo (${suite.dialect === 'mysql' ? 'shipId' : '"shipId"'}) VALUES (${shipId})`,
          );
        });
      await project.evolve(cargo(false));
      await project.with([], ({ db }) => db.query("INSERT INTO ship (name) VALUES ('Star')"));
      await project.evolve(cargo(true));
      expect(project.read(project.files[1]!)).toContain("ops.addField('Cargo', 'fk(shipId)', ops.manyToOne('Ship'");
      await store(1);
      await expect(store(2)).rejects.toThrow(ForeignKeyError);
      await project.evolve(cargo(false));
      expect(project.read(project.files[2]!)).toContain("ops.removeField('Cargo', 'fk(shipId)')");
      await store(2);
      await project.with(cargo(false), async (app) => {
        expect(await app.db.query('SELECT id FROM cargo')).toHaveLength(2);
        await app.db.query('DELETE FROM cargo WHERE id > 1');
        await project.migrate(app, '0002');
      });
      await expect(store(2)).rejects.toThrow(ForeignKeyError);
    });

    it('are made by @ForeignKey, and left out by createForeignKeyConstraints: false', async () => {
      const project = new EvolvingProject(suite.url);
      const { Port, Ship, Visit } = ships();
      await project.with([Port, Ship, Visit], async (app) => {
        await project.make(app);
        const text = project.read(project.files[0]!);
        expect(text).toContain(
          "'fk(shipId)': ops.manyToOne('Ship', { columns: { shipId: 'id' }, onDelete: 'cascade' })",
        );
        expect(text).toContain("name: 'fk_visit_port'");
        expect(text.match(/constraint: false/g)).toHaveLength(2);
        await project.migrate(app);
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        const { manager } = app.db.dataSource;
        await manager.insert(Port, { code: 'DEHAM', basin: 1 });
        await manager.insert(Ship, [{ name: 'Möwe' }, { name: 'Kranich' }]);
        const visit = { portCode: 'DEHAM', portBasin: 1, pilot: { id: 99 } };
        await manager.insert(Visit, { ...visit, shipId: 1 });
        await expect(app.db.save(Object.assign(new Visit(), visit, { shipId: 7 }))).rejects.toThrow(ForeignKeyError);
        await expect(app.db.save(Object.assign(new Visit(), visit, { shipId: 1, portBasin: 2 }))).rejects.toThrow(
          ForeignKeyError,
        );

        // A row whose pilot does not exist is there all the same.
        expect(
          await app.db
            .objects(Visit)
            .selectRelated('pilot' as never)
            .all(),
        ).toMatchObject([{ shipId: 1, pilot: null }]);
        expect(
          await app.db
            .objects(Visit)
            .exclude({ 'pilot.name': 'Möwe' } as never)
            .count(),
        ).toBe(1);

        const effects = await app.db
          .objects(Ship)
          .withTrashed()
          .filter({ id: 1 } as never)
          .deletionEffects();
        expect(effects.map(({ kind, entity, relation, count }) => [kind, entity.name, relation?.label, count])).toEqual(
          [
            ['delete', 'Ship', undefined, 1],
            ['delete', 'Visit', 'Ship ID', 1],
          ],
        );
        expect(
          await app.db
            .objects(Visit)
            .filter(effects[1]!.where! as never)
            .count(),
        ).toBe(1);
        const ports = await app.db.objects(Port).deletionEffects();
        expect(ports.map(({ kind, entity, count }) => [kind, entity.name, count])).toContainEqual([
          'protect',
          'Visit',
          1,
        ]);
        expect(
          await app.db
            .objects(Visit)
            .filter(ports[1]!.where! as never)
            .count(),
        ).toBe(1);

        // What goes for good takes rows along by the database, what only gets a date by the framework.
        await app.db
          .objects(Ship)
          .filter({ id: 1 } as never)
          .delete();
        expect(await app.db.objects(Visit).count()).toBe(0);
        await app.db.objects(Ship).onlyTrashed().restore();
        expect(await app.db.objects(Visit).count()).toBe(1);
        await app.db
          .objects(Ship)
          .filter({ id: 1 } as never)
          .forceDelete();
        expect(await app.db.objects(Visit).withTrashed().count()).toBe(0);
        expect(app.get(Descriptions).of(Visit).relation('pilot')).toMatchObject({ enforced: false });
      });

      const strict = ships(true);
      await project.with([strict.Port, strict.Ship, strict.Visit], async (app) => {
        await project.make(app);
        await project.migrate(app);
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        const visit = { portCode: 'DEHAM', portBasin: 1, shipId: 2, pilot: { id: 99 } };
        await expect(app.db.save(Object.assign(new strict.Visit(), visit))).rejects.toThrow(ForeignKeyError);
      });
      await project.with(renamedShips(), async (app) => {
        await project.make(app, { rename: ['shop.Visit.shipId:vesselId'] });
        const text = project.read(project.files.at(-1)!);
        expect(text).toContain("ops.renameField('Visit', 'shipId', 'vesselId')");
        expect(text).not.toContain('fk(');
        await project.migrate(app);
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toContain('No changes detected');
        await project.migrate(app, '0001');
      });
    });
  });
});
