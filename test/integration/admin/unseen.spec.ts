import { Module } from '@nestjs/common';
import { Admin, AdminFor, ModelAdmin, type AdminContext } from 'bowerbird/admin';
import { Policy, type AbstractUser, type EntityPolicy } from 'bowerbird/auth';
import { App, Database, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { make, staff } from './library.js';

@Entity('unseen_project')
@Meta({ display: 'name' })
@Admin({ list: ['name'], search: ['name'] })
class Project {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @Column({ default: false })
  secret: boolean;
}

@Entity('unseen_worker')
@Meta({ display: 'name' })
class Worker {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @Column({ default: 0 })
  salary: number;

  @Column({ length: 80, default: '' })
  note: string;

  @ManyToOne(() => Project, { nullable: true, onDelete: 'SET NULL' })
  project: Relation<Project> | null;
}

@Policy(Project)
class ProjectPolicy implements EntityPolicy<Project> {
  scope(_user: AbstractUser, query: QuerySet<Project>): QuerySet<Project> {
    return query.filter({ secret: false });
  }
}

/** What people earn is for superusers. */
@AdminFor(Worker, {
  list: ['name', 'salary'],
  filters: ['project', 'salary'],
  search: ['name'],
  fields: ['name', 'project'],
})
class WorkerAdmin extends ModelAdmin<Worker> {
  override columns(declared: readonly string[], { user }: AdminContext): readonly string[] {
    return user.isSuperuser ? declared : declared.filter((name) => name !== 'salary');
  }

  override filters(declared: readonly string[], context: AdminContext): readonly string[] {
    return this.columns(declared, context);
  }
}

@App({ name: 'unseen', entities: [Project, Worker], migrations: false })
@Module({ providers: [ProjectPolicy, WorkerAdmin] })
class UnseenModule {}

const LIST = '/admin/unseen/worker/';
let app: TestApp;
let root: TestClient;
let clerk: TestClient;
let secret: Project;
let worker: Worker;

beforeAll(async () => {
  app = await createTestApp({ apps: [UnseenModule] });
  const db = app.get(Database);
  secret = await db.save(make(Project, { name: 'Manhattan', secret: true }));
  await db.save(make(Project, { name: 'Garden' }));
  worker = await db.save(make(Worker, { name: 'Ann', salary: 4711, note: 'on probation' }));
  await db.save(Object.assign(worker, { salary: 4712, note: 'was off sick', project: secret }));
  root = await app.login();
  clerk = await staff(app, 'clerk@example.com', ['unseen.view_worker', 'unseen.view_project']);
});
afterAll(() => app?.close());

describe('a column or filter that the admin class keeps from somebody', () => {
  it('is no order for them', async () => {
    expect((await root.get(`${LIST}?o=-salary`)).status).toBe(200);
    for (const query of ['o=salary', 'o=-salary'])
      expect((await clerk.get(`${LIST}?${query}`)).location, query).toBe(`${LIST}?e=1`);
  });

  it('is no filter for them, neither of the list nor of an action on all of it', async () => {
    expect((await root.get(`${LIST}?salary=4712`)).status).toBe(200);
    expect((await clerk.get(`${LIST}?salary=4712`)).location).toBe(`${LIST}?e=1`);
    const eraser = await staff(app, 'eraser@example.com', ['unseen.view_worker', 'unseen.delete_worker']);
    await eraser.get(LIST);
    const action = { action: 'delete_selected', across: '1' };
    const { status, text } = await eraser.post(`${LIST}?salary=4712`, action);
    expect([status, text.includes('Ann')]).toEqual([400, false]);
  });
});

describe('a related row that does not exist for somebody', () => {
  it('is not named by a filter that asks for its key', async () => {
    const address = `${LIST}?project=${secret.id}`;
    expect((await root.get(address)).text).toContain('Manhattan');
    for (const query of [address, `${address}&project__find=Man`, `${LIST}?project__find=Man`]) {
      const { status, text } = await clerk.get(query);
      expect([status, text.includes('Manhattan')], query).toEqual([200, false]);
    }
  });

  it('is not named by the history either', async () => {
    const { status, text } = await clerk.get(`${LIST}${worker.id}/history/`);
    expect([status, text.includes('Manhattan')]).toEqual([200, false]);
  });
});

describe('the history', () => {
  it('tells that a field changed which the admin does not show, and not how', async () => {
    const { text } = await root.get(`${LIST}${worker.id}/history/`);
    expect(text).not.toMatch(/probation|off sick/);
    expect(text).toContain('Note');
    expect(text).toMatch(/4,?712/);
  });

  it('keeps a column from those from whom the list keeps it', async () => {
    const { text } = await clerk.get(`${LIST}${worker.id}/history/`);
    expect(text).not.toMatch(/4,?71[12]/);
  });
});
