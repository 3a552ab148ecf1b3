import { Module } from '@nestjs/common';
import { Admin } from 'bowerbird/admin';
import { Permission } from 'bowerbird/auth';
import { CheckRunner, CoreModule, SecretKeys, SignalHub } from 'bowerbird/core';
import { App, DefaultScope, F, Meta, postBulkUpdate, postSave, Prefetch, ProxyEntity } from 'bowerbird/orm';
import { createTestApp } from 'bowerbird/testing';
import {
  ChildEntity,
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  TableInheritance,
  Unique,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Skill {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
}

@Entity()
@Meta({ ordering: ['name'] })
@Unique(['name'])
@Admin({ list: ['name', 'role'] })
class Person {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @Column({ length: 20, default: 'clerk' }) role: string;
  @Column({ default: 0 }) grade: number;
  @ManyToOne(() => Person, (person) => person.staff, { nullable: true, onDelete: 'SET NULL' })
  boss: Relation<Person> | null;
  @OneToMany(() => Person, (person) => person.boss) staff: Relation<Person>[];
  @OneToMany(() => Task, (task) => task.owner) tasks: Relation<Task>[];
  @ManyToMany(() => Skill) @JoinTable() skills: Relation<Skill>[];
}

@Entity()
class Task {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) title: string;
  @ManyToOne(() => Person, (person) => person.tasks, { nullable: false, onDelete: 'CASCADE' })
  owner: Relation<Person>;
}

@ProxyEntity()
@DefaultScope<Manager>('managers', { role: 'manager' })
@Meta({ ordering: ['-grade', 'name'], permissions: { promote: 'Can promote' } })
@Admin({ list: ['name', 'grade'] })
class Manager extends Person {
  title(): string {
    return `${this.name} (${this.grade})`;
  }
}

@ProxyEntity()
@DefaultScope<Director>('directors', { grade__gte: 5 })
class Director extends Manager {}

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({
      database: database.url,
      entities: [Person, Manager, Director, Task, Skill],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
    });
  });
  afterAll(() => app?.close());

  const people = () => app.db.objects(Person);
  const managers = () => app.db.objects(Manager);

  beforeEach(async () => {
    await app.db.objects(Task).delete();
    await people().delete();
    const [ada] = await people().bulkCreate([
      { name: 'Ada', role: 'manager', grade: 3 },
      { name: 'Bob', role: 'clerk', grade: 1 },
      { name: 'Cleo', role: 'manager', grade: 7 },
    ]);
    await people().filter({ name: 'Bob' }).update({ boss: ada! });
  });

  describe('proxies', () => {
    it('give rows of their own class, by their own scopes and ordering', async () => {
      const found = await managers().all();
      expect(found.map((row) => row.title())).toEqual(['Cleo (7)', 'Ada (3)']);
      expect(found.every((row) => row instanceof Manager)).toBe(true);
      expect(await app.db.objects(Director).flat('name').all()).toEqual(['Cleo']);
      expect(await managers().withoutScopes('managers').count()).toBe(3);
      expect((await people().first())!).not.toBeInstanceOf(Manager);
      expect(await people().flat('name').all()).toEqual(['Ada', 'Bob', 'Cleo']);
    });

    it('reach whatever their entity does, and are reached by it', async () => {
      const ada = await managers().get({ name: 'Ada' });
      const bob = await people().get({ name: 'Bob' });
      await app.db.objects(Task).bulkCreate([
        { title: 'Plan', owner: ada },
        { title: 'Type', owner: bob },
      ]);
      await app.db.related(ada, 'skills').set([await app.db.objects(Skill).create({ name: 'Law' })]);
      const [first] = await managers()
        .filter({ 'tasks.title': 'Plan', 'staff.name': 'Bob', 'skills.name': 'Law' })
        .prefetchRelated('tasks', 'skills', Prefetch('staff', { query: people().selectRelated('boss') }))
        .all();
      expect(first).toBeInstanceOf(Manager);
      expect([first!.tasks[0]!.title, first!.skills[0]!.name, first!.staff[0]!.boss!.name]).toEqual([
        'Plan',
        'Law',
        'Ada',
      ]);
      expect(await app.db.related(ada, 'staff').objects.flat('name').all()).toEqual(['Bob']);
      expect(await app.db.objects(Task).filter({ owner: ada }).flat('title').all()).toEqual(['Plan']);
      expect(await app.db.objects(Task).filter({ owner__in: managers() }).count()).toBe(1);
      expect(await people().contains(ada)).toBe(true);
      expect(await managers().contains(bob as Manager)).toBe(false);
    });

    it('are stored, changed and deleted as rows of their entity', async () => {
      const made = await managers().create({ name: 'Dora', role: 'manager', grade: 2 });
      expect(made).toBeInstanceOf(Manager);
      made.grade = 9;
      await app.db.save(made);
      await app.db.save(Object.assign(new Manager(), { name: 'Emil', role: 'manager' }));
      expect(
        await managers()
          .filter({ grade__lt: 9 })
          .update({ grade: F('grade').plus(1) }),
      ).toBe(3);
      expect(await people().values('name', 'grade').all()).toEqual([
        { name: 'Ada', grade: 4 },
        { name: 'Bob', grade: 1 },
        { name: 'Cleo', grade: 8 },
        { name: 'Dora', grade: 9 },
        { name: 'Emil', grade: 1 },
      ]);
      await app.db.refresh(made, ['grade']);
      await app.db.remove(made);
      const [effect] = await managers().filter({ name: 'Ada' }).deletionEffects();
      expect([effect!.kind, effect!.entity.name, effect!.count]).toEqual(['delete', 'Manager', 1]);
      expect(await managers().delete()).toBe(3);
      expect(await people().flat('name').all()).toEqual(['Bob']);
      await expect(managers().create({ name: 'Bob' })).rejects.toMatchObject({ code: 'orm.unique' });
    });

    it('tell listeners of their entity of what is written', async () => {
      const heard: unknown[] = [];
      const hub = app.get(SignalHub);
      const connections = [
        hub.connect(postSave, Person, ({ entity, row }) => void heard.push([entity, row.constructor])),
        hub.connect(postBulkUpdate, Person, ({ entity, keys }) => void heard.push([entity, keys.length])),
      ];
      await app.db.save(Object.assign(new Manager(), { name: 'Fay', role: 'manager' }));
      await managers().update({ grade: 1 });
      for (const connection of connections) connection.disconnect();
      expect(heard).toEqual([
        [Person, Manager],
        [Person, 3],
      ]);
    });

    it('take no table, no fixtures and no rows of others', async () => {
      const { descriptions } = app.db;
      expect(descriptions.all().map(({ name }) => name)).toEqual(['Person', 'Task', 'Skill']);
      expect(descriptions.withProxies().map(({ key, proxyOf }) => [key, proxyOf?.key])).toEqual([
        ['shop.person', undefined],
        ['shop.manager', 'shop.person'],
        ['shop.director', 'shop.person'],
        ['shop.task', undefined],
        ['shop.skill', undefined],
      ]);
      const bob = await people().get({ name: 'Bob' });
      expect(await people().bulkCreate([new Manager()].map((row) => Object.assign(row, { name: 'Gil' })))).toHaveLength(
        1,
      );
      expect(bob).not.toBeInstanceOf(Manager);
    });
  });
});

describe('proxies of an application', () => {
  it('have an admin, permissions and a history of their own rows', async () => {
    @App({ name: 'firm', entities: [Person, Manager, Task, Skill] })
    @Module({})
    class FirmModule {}
    const app = await createTestApp({ apps: [FirmModule] });
    const staff = await app.login();
    await app.create(Person, { name: 'Bob' });
    const ada = await app.create(Manager, { name: 'Ada', role: 'manager' });
    const list = (await staff.get('/admin/firm/manager/')).text;
    expect([list.includes('Ada'), list.includes('Bob')]).toEqual([true, false]);
    expect((await staff.get('/admin/firm/person/')).text).toContain('Bob');
    const url = `/admin/firm/manager/${ada.id}/change/`;
    const _version = (await staff.get(url)).field('_version')!;
    const change = await staff.post(url, { _version, name: 'Ada L.', role: 'manager', grade: '4', boss: '' });
    expect(change.status).toBe(303);
    expect(await app.objects(Manager).flat('name').all()).toEqual(['Ada L.']);
    for (const entity of ['manager', 'person'])
      expect((await staff.get(`/admin/firm/${entity}/${ada.id}/history/`)).text).toContain('Ada L.');
    const codenames = await app.objects(Permission).filter({ codename__startswith: 'firm.' }).flat('codename').all();
    expect(codenames).toEqual(
      expect.arrayContaining(['firm.view_manager', 'firm.promote_manager', 'firm.change_person']),
    );
    expect((await staff.post(`/admin/firm/manager/${ada.id}/delete/`, { confirm: 1 })).status).toBe(303);
    await app.close();
  });

  it('are refused where they are none', async () => {
    @ProxyEntity()
    class Stray extends Object {}
    @ProxyEntity()
    class Wide extends Person {
      @Column() more: string;
    }
    @ProxyEntity()
    @Entity()
    class Twice extends Person {}
    @Entity()
    @TableInheritance({ column: { name: 'type', type: 'varchar' } })
    class Animal {
      @PrimaryGeneratedColumn() id: number;
    }
    @ChildEntity()
    class Cat extends Animal {}
    @ProxyEntity()
    class Pet extends Animal {}
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Person, Task, Skill, Stray, Wide, Twice, Animal, Cat, Pet],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    await app.close();
    expect(findings.filter(({ id }) => id === 'orm.E085').map(({ message }) => message)).toEqual([
      'Stray has @ProxyEntity and extends no entity of the apps',
      'Wide has @ProxyEntity and declares more',
      'Twice has @ProxyEntity and @Entity as well',
      'Pet has @ProxyEntity and extends Animal, whose table tells classes apart by a column',
    ]);
  });

  it('are no target of relations', async () => {
    @Entity()
    class Award {
      @PrimaryGeneratedColumn() id: number;
      @ManyToOne(() => Manager) winner: Relation<Manager>;
    }
    const entities = [Person, Manager, Task, Skill, Award];
    await expect(openOrm({ database: 'sqlite::memory:', entities })).rejects.toThrow(
      'Award.winner refers to Manager, which is a proxy and has no table',
    );
  });
});
