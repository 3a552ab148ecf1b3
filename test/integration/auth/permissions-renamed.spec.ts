import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Group, Permission } from 'bowerbird/auth';
import { App, ContentType, ContentTypesModule, Database, Migrator } from 'bowerbird/orm';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CHEAP } from './auth-app.js';

/** It was `library.Book`, then `library.Tome`. */
@Entity('tome')
class Tract {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  title: string;
}

const folder = mkdtempSync(join(tmpdir(), 'modules', 'renamed-'));

/** Writes a migration and returns its dependency on itself. */
function write(app: string, name: string, operation: string, after?: string): string {
  const dependencies = after ? `dependencies: [${after}], ` : '';
  const text = `import { Migration, ops } from 'bowerbird/orm';\n\nexport default new Migration({ ${dependencies}operations: [${operation}] });\n`;
  mkdirSync(join(folder, app), { recursive: true });
  writeFileSync(join(folder, app, `${name}.ts`), text);
  return `['${app}', '${name}']`;
}

const FIELDS = '{ id: ops.id(), title: ops.string() }';
const made = write('library', '0001_initial', `ops.createEntity('Book', { table: 'tome', fields: ${FIELDS} })`);
const renamed = write('library', '0002_tome', "ops.renameEntity('Book', 'Tome')", made);
write('shelf', '0001_initial', "ops.adoptEntity('library.Tome', { name: 'Tract' })", renamed);

const migrations = (app: string): URL => pathToFileURL(`${join(folder, app)}/`);

@App({ name: 'library', entities: [], migrations: migrations('library') })
@Module({})
class LibraryModule {}

@App({ name: 'shelf', entities: [Tract], migrations: migrations('shelf') })
@Module({})
class ShelfModule {}

describe('an entity that was renamed and moved to another app', () => {
  let app: TestApp;
  beforeAll(async () => {
    const apps = [ShelfModule, LibraryModule, ContentTypesModule];
    app = await createTestApp(
      { apps, auth: { hashers: [CHEAP] } },
      { imports: [ShelfModule, LibraryModule, ContentTypesModule] },
    );
  });
  afterAll(() => app?.close());

  it('keeps its permissions, who has them, and its content type', async () => {
    const permissions = () => app.objects(Permission).filter({ codename__endswith: '_tract' });
    const types = () => app.objects(ContentType).filter({ entity: 'tract' });
    await app.run(async () => {
      const db = app.get(Database);
      const [group] = await app.objects(Group).bulkCreate([{ name: 'Readers' }]);
      const view = await permissions().get({ codename: 'shelf.view_tract' });
      await db.related(group!, 'permissions').add(view);
      const before = await permissions().orderBy('id').flat('id').all();
      const type = await types().get({});
      for (const { id, codename } of await permissions().all())
        await app
          .objects(Permission)
          .filter({ id })
          .update({ codename: codename.replace('shelf.', 'library.').replace('tract', 'book') });
      await app.objects(ContentType).filter({ id: type.id }).update({ app: 'library', entity: 'book' });

      await app.get(Migrator).syncSchema();

      expect(await permissions().orderBy('id').flat('id').all()).toEqual(before);
      expect(await app.objects(Permission).filter({ codename__endswith: '_book' }).count()).toBe(0);
      expect((await db.related(group!, 'permissions').all()).map(({ codename }) => codename)).toEqual([
        'shelf.view_tract',
      ]);
      expect(await types().get({})).toMatchObject({ id: type.id, app: 'shelf' });
      expect(await app.objects(ContentType).filter({ app: 'library' }).count()).toBe(0);
    });
  });
});
