import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Body, Controller, Get, Module, Post, StandardSchemaValidationPipe, UsePipes } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import {
  Inputs,
  ModelViewSet,
  OpenApi,
  serializerSchema,
  ViewSet,
  type OpenApiDocument,
  type PreparedInput,
} from 'bowerbird/api';
import { Public } from 'bowerbird/auth';
import { App, Field } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp, type TestClient } from 'bowerbird/testing';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { MagazineModule, openMagazine, Tag, TagSerializer } from './magazine.js';

@Controller('plain')
class PlainController {
  constructor(private readonly inputs: Inputs) {}

  @Public()
  @Get('answer')
  answer(): { readonly answer: number } {
    return { answer: 42 };
  }

  @Post('tags')
  @UsePipes(StandardSchemaValidationPipe)
  async tag(@Body({ schema: serializerSchema(TagSerializer) }) input: PreparedInput): Promise<object> {
    return this.inputs.write(input);
  }
}

@Module({ controllers: [PlainController] })
class PlainModule {}

type Operation = Record<string, never> & { readonly operationId: string; readonly security: readonly object[] };

describe('the description of the API', () => {
  let app: TestApp;
  let admin: TestClient;
  let document: OpenApiDocument;
  let extended = 0;

  beforeAll(async () => {
    const extend = (made: OpenApiDocument): OpenApiDocument => {
      extended += 1;
      return { ...made, info: { ...made.info, description: 'By hand' } };
    };
    const api = { openapi: { title: 'Magazine', version: '2.1.0', extend }, docs: { access: 'staff' } } as const;
    app = await createTestApp({ apps: [MagazineModule], api }, { imports: [PlainModule] });
    admin = await app.login();
  });
  afterAll(() => app?.close());

  const operation = (path: string, method: string) => document.paths[path]![method] as unknown as Operation;

  it('is built with the first hit, and once', async () => {
    expect(extended).toBe(0);
    document = (await admin.get('/api/openapi.json')).json<OpenApiDocument>();
    await admin.get('/api/openapi.json');
    expect([extended, document.info]).toEqual([1, { title: 'Magazine', version: '2.1.0', description: 'By hand' }]);
  });

  it('is valid OpenAPI 3.1, also as YAML', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document) as never)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(parse((await admin.get('/api/openapi.yaml')).text)).toEqual(document);
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['articles_list', 'articles_publish', 'whole_articles_partial_update']));
    expect(ids).toEqual(expect.arrayContaining(['plain_answer', 'plain_tag']));
  });

  it('has schemas for reading, making, replacing and changing without a word in the code', () => {
    const { Article, ArticleCreate, ArticlePatch, ArticleUpdate, Author, AuthorCreate } = document.components.schemas;
    expect(Article!.properties!['price']).toMatchObject({ type: ['string', 'null'], format: 'decimal' });
    expect(Article!.properties!['author']!.anyOf).toEqual([
      { type: 'integer' },
      { $ref: '#/components/schemas/Author' },
    ]);
    expect(Article!.properties!['words']).toEqual({ type: 'integer' });
    expect(ArticleCreate!.required).toEqual(['title', 'author']);
    expect(ArticleCreate!.properties!['title']).toEqual({ type: 'string', minLength: 1, maxLength: 60 });
    expect(Object.keys(ArticleCreate!.properties!)).not.toContain('id');
    expect([ArticleUpdate!.required, ArticlePatch!.required]).toEqual([['title', 'author'], undefined]);
    expect(Object.keys(Author!.properties!)).not.toContain('pin');
    expect(Object.keys(AuthorCreate!.properties!)).toContain('pin');
  });

  it('says who may do what', () => {
    expect(operation('/api/tags', 'get').security).toEqual([]);
    expect(operation('/api/tags', 'post').security).toEqual([{ session: [], csrf: [] }]);
    expect(operation('/plain/answer', 'get').security).toEqual([]);
    expect(operation('/plain/tags', 'post').security).toEqual([{ session: [], csrf: [] }]);
  });

  it('gives serializers as schemas to other controllers', async () => {
    const body = operation('/plain/tags', 'post')['requestBody'] as unknown as { content: Record<string, object> };
    expect(body.content['application/json']).toEqual({ schema: { $ref: '#/components/schemas/MagTagCreate' } });
    const refused = await admin.post('/plain/tags', undefined, { json: { nam: 'x' } });
    expect(refused.status).toBe(400);
    const made = await admin.post('/plain/tags', undefined, { json: { name: 'plain' } });
    expect([made.status, await app.objects(Tag).count()]).toEqual([201, 1]);
    const schema = app.run(() => serializerSchema(TagSerializer)['~standard'].jsonSchema.input());
    expect(schema).toMatchObject({ $ref: '#/$defs/TagCreate', $defs: { TagCreate: { required: ['name'] } } });
  });

  it('is for those whom the settings name', async () => {
    const visitor = app.client();
    expect((await visitor.get('/api/openapi.json', { headers: { accept: 'application/json' } })).status).toBe(401);
    const page = await visitor.get('/api/docs', { headers: { accept: 'text/html' } });
    expect([page.status, page.header('location')]).toEqual([303, '/accounts/login/?next=/api/docs']);
    const member = await app.login(await app.createUser({ email: 'member@example.com' }));
    for (const path of ['openapi.json', 'openapi.yaml', 'docs', 'redoc', 'docs/files/swagger-ui.css'])
      expect((await member.get(`/api/${path}`)).status).toBe(403);
    expect((await admin.get('/api/docs/files/nothing.js')).status).toBe(404);
  });

  it('is written and checked by a command', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
    const file = join(folder, 'openapi.yaml');
    expect(await app.command('openapi', { options: { output: file } })).toBe(0);
    expect(await app.command('openapi', { options: { check: file } })).toBe(0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('title: Magazine', 'title: Journal'));
    const io = new RecordingIo();
    expect(await app.command('openapi', { options: { check: file } }, io)).toBe(1);
    expect(io.errors.join('\n')).toContain('/info/title');
    await expect(app.command('openapi', { options: { check: join(folder, 'none.json') } })).rejects.toThrow(
      'cannot be read',
    );
    rmSync(folder, { recursive: true });
  });
});

@Entity('oa_photo')
class Photo {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 200 })
  @Field({ format: 'image' })
  image: string;

  @Column({ length: 20, default: '' })
  caption: string;
}

@ViewSet(Photo, { path: 'photos', fields: ['id', 'image', 'caption'], access: 'public', bulk: false })
class PhotoViewSet extends ModelViewSet<Photo> {}

@App({ name: 'photos', entities: [Photo] })
@Module({ controllers: [PhotoViewSet] })
class PhotosModule {}

describe('the description of files', () => {
  it('takes them as parts of forms, and shows their addresses', async () => {
    const app = await createTestApp({ apps: [PhotosModule] });
    const { paths, components } = await app.get(OpenApi).document();
    const { post, get } = paths['/api/photos']!;
    expect(Object.keys(post!.requestBody!.content)).not.toContain('application/json');
    expect(post!.requestBody!.content['multipart/form-data']).toEqual({
      schema: { $ref: '#/components/schemas/PhotoCreateForm' },
    });
    expect(components.schemas['PhotoCreateForm']!.properties!['image']).toEqual({ type: 'string', format: 'binary' });
    expect(components.schemas['PhotoCreateForm']!.required).toEqual(['image']);
    expect(components.schemas['Photo']!.properties!['image']).toEqual({
      type: ['string', 'null'],
      format: 'uri-reference',
    });
    expect([post!.security, get!.security]).toEqual([[], []]);
    await app.close();
  });
});

describe('an API without a description', () => {
  it('has no pages', async () => {
    const app = await openMagazine(undefined, { api: { docs: false } });
    const admin = await app.login();
    for (const path of ['openapi.json', 'docs', 'redoc']) expect((await admin.get(`/api/${path}`)).status).toBe(404);
    expect((await app.get(OpenApi).document()).openapi).toBe('3.1.0');
    await app.close();
  });
});
