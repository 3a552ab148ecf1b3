import { AuditConfig, AuditEntry, AuditTrail, type AuditChanges } from 'bowerbird/audit';
import { Field, Meta, type Database } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { openAudit, type AuditTestApp } from './audit-app.js';

@Entity()
@Meta({ audited: true })
class Paper {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'text', default: '' })
  body: string;

  @Column({ type: 'blob', nullable: true })
  scan: Buffer | null;

  @Column({ type: 'json', nullable: true })
  conf: unknown;

  @Column({ type: 'varchar', length: 100, nullable: true, select: false })
  pin: string | null;

  @Column({ type: 'text', nullable: true, select: false })
  @Field({ sensitive: false })
  draft: string | null;
}

eachDatabase((database) => {
  let app: AuditTestApp;
  let db: Database;

  beforeAll(async () => {
    app = await openAudit(database.url, [Paper], new AuditConfig('marked', new Set()));
    db = app.db;
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    await db.objects(Paper).delete();
    await db.objects(AuditEntry).delete();
  });

  /** The changes that are kept of changing one value of a row, by `save` and by a query set. */
  async function changesOf(before: Partial<Paper>, after: Partial<Paper>): Promise<readonly AuditChanges[]> {
    const [first, second] = await db.save([paper(before), paper(before)]);
    await db.objects(AuditEntry).delete();
    await db.save(Object.assign(await db.objects(Paper).get({ id: first.id }), after));
    await db.objects(Paper).filter({ id: second.id }).update(after);
    return [...(await app.get(AuditTrail).recent(null))].map(({ changes }) => changes).reverse();
  }

  describe('a change leaves an entry', () => {
    it('however far down a text it is', async () => {
      const long = 'x'.repeat(10_000);
      const kept = { body: { before: `${long}…`, after: `${long}…` } };
      expect(await changesOf({ body: `${long}1` }, { body: `${long}2` })).toEqual([kept, kept]);
    });

    it('when bytes change and their number does not', async () => {
      const kept = { scan: { before: '3 bytes', after: '3 bytes' } };
      expect(await changesOf({ scan: Buffer.from('abc') }, { scan: Buffer.from('abd') })).toEqual([kept, kept]);
    });

    it('however deep in a document it is', async () => {
      const nested = (value: number, depth = 30): unknown => (depth === 0 ? value : { in: nested(value, depth - 1) });
      expect(await changesOf({ conf: nested(1) }, { conf: nested(2) })).toHaveLength(2);
      expect(await changesOf({ conf: ['x'.repeat(10_001)] }, { conf: ['x'.repeat(10_002)] })).toHaveLength(2);
    });
  });

  it('equal values in other words leave none', async () => {
    const same = { body: 'x'.repeat(20_000), scan: Buffer.from('abc') };
    const [conf, sorted] = [
      { b: 1, a: { d: [1, null], c: 'x' } },
      { a: { c: 'x', d: [1, null] }, b: 1 },
    ];
    const row = await db.save(paper({ ...same, conf }));
    await db.objects(AuditEntry).delete();
    await db.save(Object.assign(row, { scan: Buffer.from('abc'), conf: sorted }));
    expect(await app.get(AuditTrail).recent(null)).toEqual([]);
  });

  it('secrets inside of documents stay out of the log', async () => {
    const conf = (password: string) => ({ host: 'a', password, deep: [{ apiKey: { id: password } }], private: true });
    const hidden = { host: 'a', password: '(hidden)', deep: [{ apiKey: '(hidden)' }], private: true };
    const kept = { conf: { before: hidden, after: hidden } };
    expect(await changesOf({ conf: conf('hunter2') }, { conf: conf('hunter3') })).toEqual([kept, kept]);
    await db.objects(Paper).delete();
    expect(JSON.stringify(await app.get(AuditTrail).recent(null))).not.toContain('hunter');
  });

  describe('a column that queries leave out', () => {
    it('counts as secret', async () => {
      const kept = { pin: { before: '(hidden)', after: '(hidden)' } };
      expect(await changesOf({ pin: '1234' }, { pin: '9876' })).toEqual([kept, kept]);
      await db.objects(Paper).delete();
      expect(JSON.stringify(await app.get(AuditTrail).recent(null))).not.toMatch(/1234|9876/);
    });

    it('that is no secret is kept like any other', async () => {
      const kept = { draft: { before: 'old', after: 'new' } };
      expect(await changesOf({ draft: 'old' }, { draft: 'new' })).toEqual([kept, kept]);
    });

    it('that a row was loaded without stays as it is, and leaves no entry', async () => {
      const { id } = await db.save(paper({ pin: '1234' }));
      await db.objects(AuditEntry).delete();
      const row = await db.save(await db.objects(Paper).get({ id }));
      await db.save(Object.assign(row, { body: 'new' }));
      await db.save(Object.assign(row, { body: 'newer' }));
      const log = [...(await app.get(AuditTrail).recent(null))].map(({ changes }) => Object.keys(changes));
      expect(log).toEqual([['body'], ['body']]);
      expect(await db.objects(Paper).flat('pin').all()).toEqual(['1234']);
    });
  });
});

function paper(values: Partial<Paper>): Paper {
  return Object.assign(new Paper(), { body: '', scan: null, conf: null, ...values });
}
