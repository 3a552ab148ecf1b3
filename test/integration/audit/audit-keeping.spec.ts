import { AuditConfig, AuditEntry, AuditKeeping, AuditTrail } from 'bowerbird/audit';
import { CheckRunner } from 'bowerbird/core';
import { Meta, type Database } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp } from 'bowerbird/testing';
import { Column, Entity, JoinTable, ManyToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { openAudit, type AuditTestApp } from './audit-app.js';

@Entity()
@Meta({ audited: true })
class Mark {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Entity()
@Meta({ audited: true })
class Offer {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, default: '' }) title: string;
  @Column({ default: 0 }) price: number;
  @Column({ type: 'json', nullable: true }) terms: unknown;
  @ManyToMany(() => Mark) @JoinTable({ name: 'offer_marks' }) marks: Relation<Mark>[];
  @ManyToMany(() => Mark) @JoinTable({ name: 'offer_notes' }) notes: Relation<Mark>[];
}

eachDatabase((database) => {
  let app: AuditTestApp;
  let db: Database;
  let keeping: AuditKeeping;
  beforeAll(async () => {
    const fields = new Map([
      ['shop.offer', new Set(['price', 'terms', 'marks', 'pirce'])],
      ['shop.ofer', new Set(['price'])],
    ]);
    app = await openAudit(database.url, [Mark, Offer], new AuditConfig('marked', new Set(), fields));
    db = app.db;
    keeping = app.get(AuditKeeping);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    await db.objects(Offer).delete();
    await db.objects(AuditEntry).delete();
  });

  const entries = () => db.objects(AuditEntry).orderBy('id').all();

  it('keeps changes of the fields that are tracked, and no entry where none of them changed', async () => {
    const offer = await db.objects(Offer).create({ title: 'A', price: 1 });
    const mark = await db.objects(Mark).create({ name: 'new' });
    await db.objects(Offer).update({ title: 'B' });
    await db.objects(Offer).update({ title: 'C', price: 2 });
    await db.related(offer, 'notes').add(mark);
    await db.related(offer, 'marks').add(mark);
    const kept = (await entries()).filter(({ entity }) => entity === 'shop.offer');
    expect(kept.map(({ action, changes }) => [action, changes])).toEqual([
      ['add', { price: { after: 1 } }],
      ['change', { price: { before: 1, after: 2 } }],
      ['link', { marks: { added: [String(mark.id)], removed: [] } }],
    ]);
  });

  it('names tracked fields that there are not', async () => {
    const { findings } = await app.get(CheckRunner).run({ areas: ['audit'] });
    const found = findings.filter(({ id }) => id === 'audit.W002').map(({ message }) => message);
    expect(found).toEqual(['Offer has no field or relation "pirce"', 'No entity has the key "shop.ofer"']);
  });

  describe('the fingerprint', () => {
    it('finds entries that were changed by SQL', async () => {
      await db.objects(Offer).create({ price: 1, terms: { b: [1.5, null, 'ü\ud83d\ude00'], a: { z: true, y: '1' } } });
      await app.get(AuditTrail).record({ action: 'export', message: 'Exported' });
      expect(await keeping.verify()).toEqual({ checked: 2, altered: 0, examples: [], unsigned: 0 });
      const [first, second] = await entries();
      const set = (id: string, column: string, value: string) =>
        db.query(`UPDATE audit_entry SET ${column} = '${value}' WHERE id = ${id}`);
      await set(first!.id, 'changes', '{"price":{"after":2}}');
      expect(await keeping.verify()).toMatchObject({ altered: 1, examples: [first!.id] });
      await set(second!.id, 'actor_id', '7');
      expect(await keeping.verify()).toMatchObject({ altered: 2 });
      await set(second!.id, 'fingerprint', '');
      expect(await keeping.verify()).toMatchObject({ checked: 2, altered: 1, unsigned: 1 });
    });
  });

  describe('old entries', () => {
    it('go by age, but for the newest ones', async () => {
      const trail = app.get(AuditTrail);
      for (const action of ['a', 'b', 'c', 'd']) {
        await trail.record({ action, ...(action === 'b' && { description: db.describe(Offer) }) });
        app.clock.advance('10d');
      }
      const left = async () => (await entries()).map(({ action }) => action).join('');
      expect(await keeping.countOld({ days: 15 })).toBe(3);
      expect(await keeping.countOld({ days: 15, keepLast: 2 })).toBe(2);
      expect(await keeping.countOld({ keepLast: 9 })).toBe(0);
      expect(await keeping.deleteOld({ days: 15, entity: 'shop.offer' })).toBe(1);
      expect(await left()).toBe('acd');
      expect(await keeping.deleteOld({ days: 35 })).toBe(1);
      expect(await keeping.deleteOld({ keepLast: 1 })).toBe(1);
      expect(await left()).toBe('d');
    });
  });
});

describe('the commands of the audit log', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ apps: [] });
  });
  afterAll(() => app?.close());

  async function run(name: string, options: Record<string, unknown> = {}): Promise<string> {
    const io = new RecordingIo();
    await app.command(name, { options }, io);
    return io.output.join('\n');
  }

  it('count, remove and verify entries', async () => {
    for (const action of ['one', 'two']) await app.run(() => app.get(AuditTrail).record({ action }));
    expect(await run('verifyaudit')).toBe('Checked 2 entries; none was changed');
    expect(await run('clearaudit', { keepLast: '1', dryRun: true })).toBe('Would remove 1 entries');
    expect(await run('clearaudit', { keepLast: '1' })).toBe('Removed 1 entries');
    await app.run(() => app.objects(AuditEntry).update({ message: 'x' }));
    await expect(run('verifyaudit')).rejects.toThrow('1 of 1 entries were changed: 2');
    for (const options of [{}, { days: 'many' }, { keepLast: '-1' }])
      await expect(run('clearaudit', options)).rejects.toMatchObject({ code: 'core.command' });
  });
});
