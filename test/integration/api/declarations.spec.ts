import { Controller, Module, Version, VERSION_NEUTRAL, VersioningType, type Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import {
  Action,
  ModelSerializer,
  ModelViewSet,
  Serializer,
  ViewSet,
  type ApiOptions,
  type SerializerClass,
  type ViewSetOptions,
} from 'bowerbird/api';
import { type Class } from 'bowerbird/core';
import { CheckFailedError } from 'bowerbird/framework';
import { App } from 'bowerbird/orm';
import { createTestApp } from 'bowerbird/testing';
import { describe, expect, it } from 'vitest';

import {
  Article,
  Author,
  AuthorSerializer,
  MagazineModule,
  Note,
  Remark,
  RemarkSerializer,
  Tag,
  TagSerializer,
} from './magazine.js';

/** The ids of what is wrong with a viewset of articles that is added to the magazine. */
async function findings(
  options: Partial<ViewSetOptions>,
  entity: Class = Article,
  api: ApiOptions = {},
  imports: readonly Type[] = [],
): Promise<readonly string[]> {
  class WrongViewSet extends ModelViewSet {
    act(): void {}
  }
  if (options.summary === 'action of version 9') {
    const act = Object.getOwnPropertyDescriptor(WrongViewSet.prototype, 'act')!;
    Action({ detail: false })(WrongViewSet.prototype, 'act', act);
    Version('9')(WrongViewSet.prototype, 'act', act);
  }
  ViewSet(entity, { path: 'wrong', ...options })(WrongViewSet);
  @App({ name: 'wrong', entities: [] })
  @Module({ controllers: [WrongViewSet] })
  class WrongModule {}
  try {
    await (await createTestApp({ apps: [MagazineModule, WrongModule], api }, { imports: [...imports] })).close();
    return [];
  } catch (error) {
    if (!(error instanceof CheckFailedError)) throw error;
    return error.report.errors.map(({ id }) => id);
  }
}

function serializer(options: Parameters<typeof Serializer>[1], entity: Class = Article): SerializerClass {
  class WrongSerializer extends ModelSerializer {}
  Serializer(entity, options)(WrongSerializer);
  return WrongSerializer;
}

class Stray {}
class Undecorated extends ModelSerializer<Article> {}

describe('a serializer', () => {
  it.each([
    ['names no field', 'api.E001', { fields: ['titel'] }],
    ['speaks of a name that it does not have', 'api.E002', { fields: ['id'], readOnly: ['title'] }],
    ['hides what is no field', 'api.E003', { fields: ['id'], hidden: { nothing: () => 1 } }],
    ['hides what is taken', 'api.E003', { fields: ['title'], hidden: { title: () => 'x' } }],
    ['goes through a list', 'api.E004', { fields: ['remarks.text'] }],
    ['shows what is sensitive', 'api.E005', { fields: ['author.pin'] }],
    [
      'writes references by what is not unique',
      'api.E006',
      { fields: ['author'], references: { author: { slug: 'name' } } },
    ],
    ['nests one of another entity', 'api.E007', { fields: ['author'], nested: { author: TagSerializer } }],
    [
      'expands to one of another entity',
      'api.E007',
      { fields: ['author'], expand: { author: () => RemarkSerializer } },
    ],
    ['nests what is none', 'api.E007', { fields: ['author'], nested: { author: Undecorated } }],
    ['writes addresses that nobody serves', 'api.E008', { fields: ['author'], references: { author: 'link' } }],
  ] as const)('that %s stops the boot', async (_what, id, options) => {
    expect(await findings({ serializer: serializer(options) })).toContain(id);
  });

  it('that is right does not', async () => {
    const fields = ['id', 'title', 'author', 'authorName', 'tags', 'remarks', 'secret'];
    const right = serializer({
      fields,
      source: { authorName: 'author.name', secret: 'body' },
      writeOnly: ['secret'],
      nested: { author: AuthorSerializer, remarks: { serializer: () => RemarkSerializer, writable: true } },
      hidden: { ownerId: () => 1 },
    });
    expect(await findings({ serializer: right })).toEqual([]);
  });
});

describe('a viewset', () => {
  it.each([
    ['of an entity that no app has', 'api.E010', { fields: ['id'] }, Stray],
    ['that says nothing of its fields', 'api.E011', {}, Remark],
    ['with a lookup that is not unique', 'api.E012', { fields: ['id'], lookup: 'title' }, Article],
    ['with a serializer of another entity', 'api.E013', { serializer: AuthorSerializer }, Article],
    ['with a filter of no field', 'api.E020', { fields: ['id'], filters: ['titel'] }, Article],
  ] as const)('%s stops the boot', async (_what, id, options, entity) => {
    expect(await findings(options, entity)).toContain(id);
  });

  const versions = { by: 'header', known: ['1', '2'] } as const;
  const fields = ['id', 'title'];

  it.each([
    ['with a version where there are none', 'api.E030', { fields, version: '1' }, {}],
    ['with a version that there is not', 'api.E031', { fields, version: ['1', '3'] }, { versions }],
    ['with an action of one', 'api.E031', { fields, summary: 'action of version 9' }, { versions }],
    ['at the path of another one', 'api.E014', { fields, path: 'articles' }, {}],
    ['at the path of one of all versions', 'api.E014', { fields, path: 'articles', version: '2' }, { versions }],
    [
      'beside that, in paths',
      'api.E014',
      { fields, path: 'articles', version: '2' },
      { versions: { ...versions, by: 'path' } },
    ],
    [
      'with a filter for the version',
      'api.E026',
      { fields, filters: ['day'] },
      { versions: { by: 'query', known: ['1'], name: 'day' } },
    ],
  ] as const)('%s stops the boot', async (_what, id, options, api) => {
    expect(await findings(options, Article, api)).toEqual([id]);
  });

  it('may have the path of another one outside of its versions', async () => {
    const options = { fields, path: 'articles', version: VERSION_NEUTRAL } as const;
    expect(await findings(options, Article, { versions: { ...versions, by: 'path' } })).toEqual([]);
  });

  it('is beside controllers whose paths name their versions', async () => {
    @Controller({ path: 'reports', version: '2' })
    class ReportController {}
    @Controller({ path: 'api/v2/sums', version: '2' })
    class SumController {}
    @Module({ controllers: [ReportController, SumController] })
    class PlainModule {}
    const inPaths = { versions: { by: 'path', known: ['1', '2'] } } as const;
    expect(await findings({ fields }, Article, inPaths, [PlainModule])).toEqual(['api.E033']);
    expect(await findings({ fields }, Article, { versions }, [PlainModule])).toEqual([]);
  });

  it('has versions that the application does not enable itself', async () => {
    @Module({})
    class EnablingModule {
      constructor(config: ApplicationConfig) {
        config.enableVersioning({ type: VersioningType.URI });
      }
    }
    expect(await findings({ fields, version: '1' }, Article, { versions }, [EnablingModule])).toEqual(['api.E032']);
    expect(await findings({ fields, version: '1' }, Article, {}, [EnablingModule])).toEqual([]);
  });

  it.each([
    ['with its own fields', { fields: ['id', 'text'] }, Note],
    ['with a unique lookup', { fields: ['id', 'name'], lookup: 'name' }, Tag],
    ['with a serializer', { serializer: AuthorSerializer }, Author],
  ] as const)('%s does not', async (_what, options, entity) => {
    expect(await findings(options, entity)).toEqual([]);
  });
});
