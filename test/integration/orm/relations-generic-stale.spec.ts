import { Module } from '@nestjs/common';
import {
  App,
  ContentType,
  ContentTypes,
  ContentTypesModule,
  Database,
  GenericForeignKey,
  GenericRelations,
} from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp } from 'bowerbird/testing';
import { Column, DeleteDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, openOrm } from '../../support/databases.js';

@Entity()
class Photo {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) file: string;
}

@Entity()
class Comment {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) text: string;
  @Column({ type: 'int', nullable: true }) contentTypeId: number | null;
  @Column({ type: 'varchar', length: 100, nullable: true }) objectKey: string | null;
  @DeleteDateColumn() deletedAt: Date | null;
  @GenericForeignKey() target: object | null;
}

@App({ name: 'remarks', entities: [Photo, Comment] })
@Module({})
class RemarksModule {}

describe.each(DIALECTS)('stale content types on %s', (dialect) => {
  let app: TestApp;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createDatabase(dialect);
    drop = () => database.drop();
    app = await createTestApp({ apps: [ContentTypesModule, RemarksModule] }, { database });
  });
  afterAll(async () => {
    await app.close();
    await drop();
  });
  beforeEach(async () => {
    await app.objects(Comment).forceDelete();
    await app.objects(ContentType).filter({ entity: 'gone' }).delete();
  });

  const run = async (options: Record<string, unknown> = {}, answers: readonly string[] = []) => {
    const io = new RecordingIo(answers);
    await app.command('remove_stale_contenttypes', { options }, io);
    return io.output;
  };
  const gone = (name: string) => app.create(ContentType, { app: name, entity: 'gone' });
  const types = async () =>
    (await app.objects(ContentType).filter({ entity: 'gone' }).orderBy('app').all()).map((type) => type.key());

  it('are nothing to do where all entities are there', async () => {
    expect(await run()).toEqual(['No content type is stale.']);
  });

  it('go with the rows that refer to theirs, after somebody agrees', async () => {
    const { id } = await gone('remarks');
    const photo = await app.create(Photo, { file: 'a' });
    const kept = Object.assign(new Comment(), { text: 'kept' });
    await app.get(GenericRelations).assign(kept, 'target', photo);
    await app.run(() => app.get(Database).save(kept));
    await app.create(Comment, { text: 'lost', contentTypeId: id, objectKey: '7' });
    const trashed = await app.create(Comment, { text: 'trashed', contentTypeId: id, objectKey: '8' });
    await app.objects(Comment).filter({ id: trashed.id }).delete();
    await expect(run({}, ['no'])).rejects.toThrow('Nothing was removed');
    await expect(run()).rejects.toThrow(/Nobody can agree to it here/);
    expect(await types()).toEqual(['remarks.gone']);
    expect(await run({}, ['yes'])).toEqual([
      'remarks.gone',
      '  remarks.comment.target: 2 row(s)',
      'Removed 1 content type(s) and 2 row(s).',
    ]);
    expect(await types()).toEqual([]);
    expect(await app.objects(Comment).withTrashed().flat('text').all()).toEqual(['kept']);
  });

  it('of apps that are not installed stay unless one asks for them', async () => {
    await gone('legacy');
    expect(await run({ yes: true })).toEqual(['No content type is stale.']);
    expect(await run({ yes: true, includeStaleApps: true })).toEqual([
      'legacy.gone',
      'Removed 1 content type(s) and 0 row(s).',
    ]);
    expect(await types()).toEqual([]);
  });
});

describe('content types that a transaction has made', () => {
  it('are not remembered when it is undone', async () => {
    const entities = [Photo, Comment, ContentType];
    const { db, get, close } = await openOrm({ database: 'sqlite::memory:', entities, providers: [ContentTypes] });
    const service = get(ContentTypes);
    const undone = db.atomic(async () => {
      await service.of(Photo);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const known = await service.of(Photo);
    expect(await db.objects(ContentType).flat('id').all()).toEqual([known.id]);
    await db.atomic(() => service.of(Comment));
    expect(await db.objects(ContentType).count()).toBe(2);
    expect(await service.of(Comment)).toBe(await service.of(Comment));
    await close();
  });
});
