import { Module } from '@nestjs/common';
import { ModelSerializer, ModelViewSet, Serializer, ViewSet } from 'bowerbird/api';
import { SignalHub } from 'bowerbird/core';
import { RelationField, ValidationError } from 'bowerbird/forms';
import { App, currentDatabase, postSave, querySet, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import {
  AfterLoad,
  Column,
  CreateDateColumn,
  Entity,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';

@Entity('post_sender')
class Sender {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

class Size {
  @Column({ type: 'int', nullable: true }) width: number | null;
  @Column({ length: 5, default: 'cm' }) unit: string;
}

/** Columns whose values the database writes in a way of its own. */
@Entity('post_parcel')
class Parcel {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20, unique: true }) code: string;
  @Column({ type: 'decimal', precision: 8, scale: 2, default: '1.50' }) price: string;
  @Column({ type: 'bigint', default: 0 }) weight: string;
  @Column({ type: 'float', nullable: true }) height: number | null;
  @Column({ type: 'date', nullable: true }) day: string | null;
  @Column({ type: Date, nullable: true }) at: Date | null;
  @Column({ default: true }) open: boolean;
  @Column({ type: 'simple-json', nullable: true }) extra: object | null;
  @Column(() => Size) size: Size;
  @CreateDateColumn() madeAt: Date;
  @ManyToOne(() => Sender, { nullable: true, onDelete: 'CASCADE' }) sender: Relation<Sender> | null;
  @ManyToOne(() => Sender, { nullable: true, onDelete: 'CASCADE' }) payer: Relation<Sender> | null;
}

/** What two of one sender may not have in common. */
@Entity('post_label')
@Unique(['sender', 'text'])
class Label {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) text: string;
  @ManyToOne(() => Sender, { nullable: false, onDelete: 'CASCADE' }) sender: Relation<Sender>;
}

/** Cannot always be loaded. */
@Entity('post_keeper')
class Keeper {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @AfterLoad() look(): void {
    if (this.name === 'broken') throw new Error('A broken keeper');
  }
}

@Entity('post_box')
class Box {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Keeper, { nullable: false, onDelete: 'CASCADE' }) keeper: Relation<Keeper>;
}

@Serializer(Box, { fields: ['keeper'] })
class BoxSerializer extends ModelSerializer<Box> {}

@ViewSet(Box, { path: 'boxes', serializer: BoxSerializer })
class BoxViewSet extends ModelViewSet<Box> {}

/** Looks at the row that it refers to. */
class LoudField extends RelationField<Sender> {
  protected override *check({ name }: Sender): Iterable<{ code: string; message: string }> {
    if (name !== 'Bob') yield { code: 'quiet', message: `${name} is not Bob` };
  }
}

const FIELDS = 'id code price weight height day at open extra size.width size.unit madeAt sender payer'.split(' ');

@Serializer(Sender, { fields: ['id', 'name'] })
class SenderSerializer extends ModelSerializer<Sender> {}

@Serializer(Parcel, { fields: FIELDS, nested: { sender: SenderSerializer } })
class ParcelSerializer extends ModelSerializer<Parcel> {}

@ViewSet(Parcel, { path: 'parcels', serializer: ParcelSerializer })
class ParcelViewSet extends ModelViewSet<Parcel> {}

/** Parcels that some may send. */
@Serializer(Parcel, {
  fields: ['code', 'sender', 'payer'],
  nested: { sender: SenderSerializer },
  choices: { sender: (rows) => rows.filter({ name: 'Bob' }) },
})
class ChosenSerializer extends ModelSerializer<Parcel> {}

@ViewSet(Parcel, { path: 'chosen-parcels', serializer: ChosenSerializer })
class ChosenParcelViewSet extends ModelViewSet<Parcel> {}

@Serializer(Parcel, {
  fields: ['code', 'sender', 'payer'],
  nested: { sender: SenderSerializer },
  choices: { sender: (rows) => rows.none() },
})
class ClosedSerializer extends ModelSerializer<Parcel> {}

@ViewSet(Parcel, { path: 'closed-parcels', serializer: ClosedSerializer })
class ClosedParcelViewSet extends ModelViewSet<Parcel> {}

@Serializer(Label, {
  fields: ['text', 'sender'],
  nested: { sender: SenderSerializer },
  choices: { sender: (rows) => rows.filter({ name: 'Bob' }) },
})
class LabelSerializer extends ModelSerializer<Label> {}

@ViewSet(Label, { path: 'labels', serializer: LabelSerializer })
class LabelViewSet extends ModelViewSet<Label> {}

@Serializer(Label, {
  fields: ['text', 'sender'],
  nested: { sender: SenderSerializer },
  overrides: { sender: new LoudField({ target: Sender }) },
})
class LoudSerializer extends ModelSerializer<Label> {}

@ViewSet(Label, { path: 'loud-labels', serializer: LoudSerializer })
class LoudViewSet extends ModelViewSet<Label> {}

/** What refuses a row after it was stored. */
@ViewSet(Parcel, { path: 'open-parcels', serializer: ParcelSerializer })
class OpenParcelViewSet extends ModelViewSet<Parcel> {
  override scope(_request: never, rows: QuerySet<Parcel>): QuerySet<Parcel> {
    return rows.filter({ open: true });
  }
}

@Serializer(Parcel, { fields: ['id', 'code'] })
class HookedSerializer extends ModelSerializer<Parcel> {
  override async afterSave({ id, code }: Parcel): Promise<void> {
    if (code === 'refused') throw new Error('refused after all');
    await querySet(Parcel)
      .filter({ id })
      .update({ code: `${code}!` });
  }
}

@ViewSet(Parcel, { path: 'hooked-parcels', serializer: HookedSerializer })
class HookedParcelViewSet extends ModelViewSet<Parcel> {}

/** Its hooks ask the database, before there is a row. */
@Serializer(Parcel, { fields: ['id', 'code'] })
class AskingSerializer extends ModelSerializer<Parcel> {
  async validateCode(): Promise<void> {
    if (!currentDatabase().inTransaction) throw new ValidationError('No transaction');
  }
}

@ViewSet(Parcel, { path: 'asking-parcels', serializer: AskingSerializer })
class AskingParcelViewSet extends ModelViewSet<Parcel> {}

@App({ name: 'post', entities: [Sender, Parcel, Label, Keeper, Box] })
@Module({
  controllers: [
    ParcelViewSet,
    ChosenParcelViewSet,
    ClosedParcelViewSet,
    OpenParcelViewSet,
    HookedParcelViewSet,
    AskingParcelViewSet,
    LabelViewSet,
    LoudViewSet,
    BoxViewSet,
  ],
})
class PostModule {}

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;
  let ada: Sender;
  beforeAll(async () => {
    app = await createTestApp({ apps: [PostModule], database: database.url });
    admin = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    await app.objects(Sender).delete();
    await app.objects(Parcel).delete();
    ada = await app.create(Sender, { name: 'Ada' });
  });

  const post = (values: object, path = 'parcels') => admin.post(`/api/${path}`, undefined, { json: values });
  /** What a creation sends for the row itself. */
  const sent = async (values: object, path?: string): Promise<readonly string[]> => {
    const statements = await app.queries(() => post(values, path));
    return statements.map(({ sql }) => sql).filter((sql) => /post_|^(BEGIN|START|COMMIT)/.test(sql));
  };

  describe('a row made through the API', () => {
    it.each([
      ['defaults', () => ({ code: 'a' })],
      [
        'values in another form than the database keeps',
        () => ({
          code: 'b',
          price: '2.5',
          weight: 12,
          height: 1.25,
          day: '2026-02-03',
          at: '2026-02-03T04:05:06.789+02:00',
          open: false,
          extra: { b: 1, a: [2] },
          size: { width: 3, unit: 'in' },
          sender: ada.id,
          payer: ada.id,
        }),
      ],
      ['nulls', () => ({ code: 'c', height: null, day: null, at: null, extra: null, sender: null, payer: null })],
    ])('is answered as it is read: with %s', async (_, values) => {
      const made = await post(values());
      expect(made.status).toBe(201);
      const read = await admin.get(new URL(made.header('location')!, 'http://here').pathname);
      expect(made.json()).toEqual(read.json());
      expect(made.header('etag')).toBe(read.header('etag'));
    });

    it('takes the statement that stores it and those that find what it refers to', async () => {
      const first = async (values: object): Promise<readonly unknown[]> =>
        (await sent(values)).map((sql) => sql.split(' ')[0]);
      const together = database.dialect === 'postgres';
      expect(await first({ code: 'a', sender: ada.id })).toEqual(
        together ? ['SELECT', 'WITH'] : ['SELECT', 'SELECT', 'INSERT'],
      );
      expect(await first({ code: 'b', sender: ada.id, payer: ada.id })).toEqual(
        together ? ['SELECT', 'SELECT', 'WITH'] : ['SELECT', 'SELECT', 'SELECT', 'INSERT'],
      );
      expect(await first({ code: 'c' })).toEqual(['SELECT', 'INSERT']);
    });

    it.each([
      ['nobody', () => String(10_000_000 + ada.id)],
      ['a key that no row could have', () => 'ada'],
      ['a number beyond the column', () => '99999999999999999999'],
      ['nobody, as a number', () => 10_000_000 + ada.id],
      ['nobody whom the choices allow', () => ada.id, 'chosen-parcels'],
      ['no choice at all', () => ada.id, 'closed-parcels'],
    ])('refers to somebody: not to %s', async (_, key, path?: string) => {
      const missing = { sender: [expect.stringMatching(/^Choose one of the available values/)] };
      const answer = await post({ code: 'a', sender: key() }, path);
      expect(answer.status).toBe(400);
      expect(answer.json<{ errors: object }>().errors).toEqual(missing);
      const several = await post({ code: 'much too long for its column', sender: key() }, path);
      expect(several.json<{ errors: object }>().errors).toEqual({ ...missing, code: [expect.anything()] });
      expect((await post({ code: 'a', sender: key(), payer: key() }, path)).json<{ errors: object }>().errors).toEqual(
        path ? missing : { ...missing, payer: missing.sender },
      );
      expect(await app.objects(Parcel).count()).toBe(0);
    });

    it('tells nothing of rows that it may not refer to', async () => {
      const bob = await app.create(Sender, { name: 'Bob' });
      await app.create(Label, { text: 'taken', sender: ada });
      await app.create(Label, { text: 'taken', sender: bob });
      const errors = async (text: string, sender: number): Promise<object> =>
        (await post({ text, sender }, 'labels')).json<{ errors: object }>().errors;
      expect(await errors('taken', ada.id)).toEqual(await errors('free', ada.id));
      expect(await errors('taken', bob.id)).not.toHaveProperty('sender');
      expect((await post({ text: 'free', sender: bob.id }, 'labels')).status).toBe(201);
    });

    it('has its rows read first where a field looks at them', async () => {
      const bob = await app.create(Sender, { name: 'Bob' });
      expect((await post({ text: 'a', sender: bob.id }, 'loud-labels')).status).toBe(201);
      const refused = await post({ text: 'a', sender: ada.id }, 'loud-labels');
      expect(refused.json<{ errors: object }>().errors).toEqual({ sender: ['Ada is not Bob'] });
    });

    it('is not stored where what it refers to cannot be loaded', async () => {
      const [whole, broken] = await app.objects(Keeper).bulkCreate([{ name: 'whole' }, { name: 'broken' }]);
      expect((await post({ keeper: broken!.id }, 'boxes')).status).toBe(500);
      expect((await post({ keeper: whole!.id }, 'boxes')).status).toBe(201);
      expect(await app.objects(Box).count()).toBe(1);
    });

    it('may refer to those whom the choices allow, once each', async () => {
      const bob = await app.create(Sender, { name: 'Bob' });
      await app.create(Parcel, { code: 'x', sender: bob, payer: ada });
      await app.create(Parcel, { code: 'y', sender: bob, payer: ada });
      expect((await post({ code: 'a', sender: bob.id }, 'chosen-parcels')).json()).toMatchObject({
        sender: { id: bob.id, name: 'Bob' },
      });
      expect(await app.objects(Parcel).filter({ code: 'a' }).count()).toBe(1);
    });

    it('refers to a row that has to be there when it is stored', async () => {
      const keys = Array.from({ length: 12 }, (_, index) => `r${index}`);
      const [answers] = await Promise.all([
        Promise.all(keys.map((code) => post({ code, sender: ada.id }))),
        app.objects(Sender).delete(),
      ]);
      expect(answers.every(({ status }) => status === 201 || status === 400)).toBe(true);
      for (const answer of answers.filter(({ status }) => status === 400))
        expect(answer.json<{ errors: object }>().errors).toHaveProperty('sender');
    });

    it('is not stored where it is out of scope, or a hook fails', async () => {
      expect((await post({ code: 'a', open: false }, 'open-parcels')).status).toBe(403);
      expect((await post({ code: 'refused' }, 'hooked-parcels')).status).toBe(500);
      expect(await app.objects(Parcel).count()).toBe(0);
      expect((await post({ code: 'a' }, 'open-parcels')).status).toBe(201);
      expect((await post({ code: 'b' }, 'hooked-parcels')).status).toBe(201);
      expect(await app.objects(Parcel).count()).toBe(2);
    });

    it('may be gone before it is shown', async () => {
      const remove = ({ row }: { readonly row: Parcel }): Promise<unknown> =>
        app.objects(Parcel).filter({ id: row.id }).delete();
      const connection = app.get(SignalHub).connect(postSave, Parcel, remove, { onCommit: true });
      const answer = await post({ code: 'brief' });
      connection.disconnect();
      expect(answer.status).toBe(409);
      expect((await post({ code: 'brief' })).status).toBe(201);
    });

    it('is what hooks have made of it, which run in a transaction with it', async () => {
      expect((await post({ code: 'a' }, 'hooked-parcels')).json()).toMatchObject({ code: 'a!' });
      expect((await post({ code: 'b' }, 'asking-parcels')).status).toBe(201);
    });

    it('is refused at its field where two requests make it at once', async () => {
      const answers = await Promise.all([post({ code: 'same' }), post({ code: 'same' })]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 400]));
      const refused = answers.find(({ status }) => status === 400)!;
      expect(refused.json<{ errors: object }>().errors).toHaveProperty('code');
      expect(await app.objects(Parcel).count()).toBe(1);
    });
  });
});
