import { AuditConfig, AuditTrail } from 'bowerbird/audit';
import { ACTOR, runInContext } from 'bowerbird/core';
import { Meta } from 'bowerbird/orm';
import { Column, Entity, JoinTable, ManyToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { openAudit, type AuditTestApp } from './audit-app.js';

@Entity()
@Meta({ audited: true })
class Box {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @ManyToMany(() => Box)
  @JoinTable()
  inner: Relation<Box>[];
}

/** The boxes are in the database of the run, the log in another one. */
eachDatabase((database) => {
  let app: AuditTestApp;
  let trail: AuditTrail;

  beforeAll(async () => {
    app = await openAudit('sqlite::memory:', [Box], new AuditConfig('marked', new Set()), database.url);
    trail = app.get(AuditTrail);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    await app.shop.objects(Box).delete();
    await app.db.query('DELETE FROM audit_entry');
  });

  const log = async () =>
    [...(await trail.recent(null))].reverse().map(({ action, objectText }) => `${action} ${objectText}`);

  it('keeps an entry for every kind of write', async () => {
    const [box, other] = await app.shop.save([named('a'), named('b')]);
    await app.shop.save(Object.assign(box, { name: 'A' }));
    await app.shop.objects(Box).filter({ name: 'b' }).update({ name: 'B' });
    await app.shop.related(box, 'inner').add(other);
    await app.shop.related(box, 'inner').clear();
    await app.shop.remove(box);
    expect(await log()).toEqual(['add a', 'add b', 'change A', 'change B', 'link A', 'link A', 'delete A']);
  });

  it('keeps none of what was rolled back, whole or to a savepoint', async () => {
    const undone = app.shop.atomic(async () => {
      await app.shop.save(named('undone'));
      await trail.record({ action: 'export', description: app.shop.describe(Box) });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await app.shop.atomic(async () => {
      await app.shop.save(named('kept'));
      const inner = app.shop.atomic(async () => {
        await app.shop.save(named('inner'));
        throw new Error('no');
      });
      await expect(inner).rejects.toThrow('no');
      expect(await log()).toEqual([]);
    });
    expect(await log()).toEqual(['add kept']);
    expect(await app.shop.objects(Box).flat('name').all()).toEqual(['kept']);
  });

  it('says who did it and when, not who was there at the end', async () => {
    const at = app.clock.now();
    await app.shop.atomic(async () => {
      await runInContext(async (context) => {
        context.set(ACTOR, { id: '7', label: 'ada' });
        await trail.annotate('By hand', () => app.shop.save(named('a')));
      });
      app.clock.advance('5s');
    });
    expect(await trail.recent(null)).toMatchObject([{ actorId: '7', actorLabel: 'ada', message: 'By hand', at }]);
  });

  it('keeps what an application notes outside of any transaction', async () => {
    await trail.record({ action: 'export', description: app.shop.describe(Box), text: 'all' });
    await trail.record({ action: 'export', description: { key: 'shop.box' }, text: 'some' });
    expect(await log()).toEqual(['export all', 'export some']);
  });
});

function named(name: string): Box {
  return Object.assign(new Box(), { name });
}
