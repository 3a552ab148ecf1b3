import { fields, formClassFor, type EntityForm, type FormClassOptions } from 'bowerbird/forms';
import { Field, type Database } from 'bowerbird/orm';
import { MinLength } from 'class-validator';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

class Keys {
  @Column({ type: 'varchar', length: 40, nullable: true, select: false })
  @Field({ editable: true })
  door: string | null;
}

@Entity()
class Member {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @Column({ length: 80, select: false, default: 'none' }) hash: string;
  @Column({ length: 40, select: false }) @Field({ editable: true }) @MinLength(4) pin: string;
  @Column('varchar', { length: 40, nullable: true }) @Field({ format: 'password' }) code: string | null;
  @Column(() => Keys) keys: Keys;
  @Column('text', { nullable: true, select: false }) @Field({ editable: true, sensitive: false }) story: string | null;
  @Column({ default: true, select: false }) @Field({ editable: true, sensitive: false }) active: boolean;
  @Column('json', { nullable: true, select: false }) @Field({ editable: true, sensitive: false }) extra: unknown;
}

const HELD = {
  name: 'Ann',
  hash: 'h4sh',
  pin: '1234',
  code: 'c0de',
  'keys.door': 'left',
  story: 'Long',
  active: true,
  extra: { a: [1] },
};

eachDatabase((database) => {
  let app: OrmTestApp;
  let db: Database;
  let member: Member;

  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [Member] });
    db = app.db;
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    await db.objects(Member).delete();
    const { 'keys.door': door, ...values } = HELD;
    const { id } = await db.save(Object.assign(new Member(), { ...values, keys: { door } }));
    member = await db.objects(Member).get({ id });
  });

  const held = () =>
    db.objects(Member).values('name', 'hash', 'pin', 'code', 'keys.door', 'story', 'active', 'extra').get();
  const form = (data: Record<string, unknown> | undefined, options: FormClassOptions = {}): EntityForm<Member> =>
    new (formClassFor(db.describe(Member), options))({ database: db, instance: member, ...(data && { data }) });
  /** The form as it comes back when nothing was touched. */
  async function untouched(options: FormClassOptions = {}): Promise<Record<string, unknown>> {
    const { fields: shown } = await form(undefined, options).view();
    return Object.fromEntries(
      shown.map(({ name, widget }) => [name, 'checked' in widget ? widget.checked : widget.value]),
    );
  }

  it('columns that queries leave out are on no form by themselves', () => {
    expect([...form({}).fields.keys()]).toEqual(['name', 'pin', 'code', 'story', 'active', 'extra', 'keys.door']);
    expect(() => formClassFor(db.describe(Member), { fields: ['hash'] })).toThrow(
      expect.objectContaining({
        code: 'forms.unknown_field',
        hint: 'hash is not editable, because of select: false; mark it @Field({ editable: true }) to let people set it',
      }),
    );
  });

  it('an untouched form changes nothing, and shows no secret', async () => {
    const data = await untouched();
    expect(data).toMatchObject({ pin: '', code: '', 'keys.door': '', story: 'Long' });
    const saved = form(data);
    expect(await saved.isValid()).toBe(true);
    expect(saved.changed).toEqual([]);
    await saved.save();
    expect(await held()).toEqual(HELD);
    await db.save(saved.instance);
    expect(await held()).toEqual(HELD);
  });

  it('takes what is entered, and checks it', async () => {
    const data = await untouched();
    const wrong = form({ ...data, pin: '12' });
    expect(await wrong.trySave()).toBeNull();
    expect(wrong.errors.fields()).toEqual(['pin']);
    const entered = { pin: '5678', code: 'new', 'keys.door': 'right', story: '', active: false, extra: '[]' };
    const saved = form({ ...data, ...entered });
    expect(await saved.isValid()).toBe(true);
    expect(saved.changed).toEqual(['pin', 'code', 'story', 'active', 'extra', 'keys.door']);
    await saved.save();
    expect(await held()).toEqual({ ...HELD, ...entered, story: null, extra: [] });
  });

  it('a new row needs what must have a value', async () => {
    const MemberForm = formClassFor(db.describe(Member));
    const add = (data: Record<string, unknown>) => new MemberForm({ database: db, data });
    const empty = add({ name: 'Bob', pin: '' });
    expect(await empty.trySave()).toBeNull();
    expect(empty.errors.fields()).toEqual(['pin']);
    await add({ name: 'Bob', pin: '4321' }).save();
    expect(await db.objects(Member).filter({ name: 'Bob' }).flat('pin').all()).toEqual(['4321']);
  });

  it('a secret that is only shown is not', async () => {
    const view = await form(undefined, { readOnly: ['hash', 'pin'] }).view();
    expect(JSON.stringify(view)).not.toMatch(/h4sh|1234/);
  });

  it('what a form asks for by an override is taken, and left alone when it is empty', async () => {
    const options = { fields: ['name', 'hash'], overrides: { hash: { label: 'Password' } } };
    expect(await untouched(options)).toEqual({ name: 'Ann', hash: '' });
    await form({ name: 'Eve', hash: '' }, options).save();
    expect(await held()).toEqual({ ...HELD, name: 'Eve' });
    await form({ name: 'Eve', hash: 'other' }, options).save();
    expect((await held()).hash).toBe('other');
  });

  it('a field that a form declares as required must be entered', async () => {
    class PinForm extends formClassFor(db.describe(Member), { fields: ['name'] }) {
      pin = fields.password();
    }
    const change = (pin: string) => new PinForm({ database: db, instance: member, data: { name: 'Ann', pin } });
    expect(await change('').trySave()).toBeNull();
    await change('5678').save();
    expect(await held()).toEqual({ ...HELD, pin: '5678' });
  });
});
