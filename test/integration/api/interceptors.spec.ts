import {
  Injectable,
  Module,
  Query,
  Req,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Action, IdempotencyRecord, ModelViewSet, ViewSet } from 'bowerbird/api';
import { Reply, type HttpRequest } from 'bowerbird/http';
import { App } from 'bowerbird/orm';
import { type TestApp } from 'bowerbird/testing';
import { map, retry, type Observable } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { MagazineModule, openMagazine, Tag } from './magazine.js';

const OPTIONS = { fields: ['id', 'name'], access: 'public' } as const;

/** Marks replies, and tells what it was given. */
@Injectable()
class Marking implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const mark = (result: unknown): unknown =>
      result instanceof Reply ? result.with({ 'X-Seen': 'reply' }) : { seen: result instanceof Tag };
    return next.handle().pipe(map(mark));
  }
}

/** As applications have it that put all of their answers into an envelope. */
@Injectable()
class Wrapping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

@ViewSet(Tag, { ...OPTIONS, path: 'plain' })
class PlainViewSet extends ModelViewSet<Tag> {
  @Action({ detail: false, method: 'post' })
  again(@Req() request: HttpRequest): Promise<Reply> {
    return this.create(request);
  }

  @UseInterceptors(Marking)
  override retrieve(request: HttpRequest): Promise<Reply> {
    return super.retrieve(request);
  }
}

@ViewSet(Tag, { ...OPTIONS, path: 'inheriting' })
class InheritingViewSet extends PlainViewSet {}

/** Tries again what fails, as for deadlocks. */
@Injectable()
class Retrying implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(retry(1));
  }
}

/** What actions return. */
let stored: Tag;

/** Not a viewset itself; its action has a parameter of its own. */
abstract class NarrowedViewSet extends ModelViewSet<Tag> {
  override retrieve(@Req() request: HttpRequest, @Query('part') part?: string): Promise<Reply> {
    if (part !== undefined) return Promise.resolve(Reply.json({ part }));
    return super.retrieve(request);
  }

  // Rows are written by the serializer.
  override list(): Promise<Reply> {
    return [stored] as never;
  }
}

@ViewSet(Tag, { ...OPTIONS, path: 'narrowed' })
class NarrowedTagViewSet extends NarrowedViewSet {}

@UseInterceptors(Marking)
@ViewSet(Tag, { ...OPTIONS, path: 'narrowed-marked' })
class NarrowedMarkedViewSet extends NarrowedViewSet {}

let failures = 0;

@ViewSet(Tag, { fields: ['id'], access: 'public', path: 'retried' })
@UseInterceptors(Retrying)
class RetriedViewSet extends ModelViewSet<Tag> {
  @Action({ detail: false })
  row(): Tag {
    failures += 1;
    if (failures % 2 === 1) throw new Error('The first time fails');
    return stored;
  }
}

@UseInterceptors(Marking)
@ViewSet(Tag, { ...OPTIONS, path: 'marked' })
class MarkedViewSet extends PlainViewSet {
  @Action({ detail: false })
  row(): Tag {
    return Object.assign(new Tag(), { id: 1, name: 'mine' });
  }
}

@App({ name: 'intercepted', entities: [] })
@Module({
  controllers: [
    PlainViewSet,
    InheritingViewSet,
    MarkedViewSet,
    NarrowedTagViewSet,
    NarrowedMarkedViewSet,
    RetriedViewSet,
  ],
})
class InterceptedModule {}

@App({ name: 'wrapped', entities: [] })
@Module({ controllers: [PlainViewSet], providers: [{ provide: APP_INTERCEPTOR, useClass: Wrapping }] })
class WrappedModule {}

eachDatabase((database) => {
  describe.each([
    ['actions', InterceptedModule],
    ['actions of an application that wraps what handlers return', WrappedModule],
  ])('%s', (_what, module) => {
    const marked = module === InterceptedModule;
    let app: TestApp;
    let tag: Tag;

    beforeAll(async () => {
      app = await openMagazine(database.url, { apps: [MagazineModule, module] });
    });
    beforeEach(async () => {
      for (const entity of [Tag, IdempotencyRecord]) await app.objects<object>(entity).delete();
      tag = stored = await app.create(Tag, { name: 'red' });
    });
    afterAll(() => app?.close());

    it('answer as they do anywhere', async () => {
      const client = app.client();
      expect((await client.get('/api/plain')).json()).toMatchObject({ results: [{ id: tag.id, name: 'red' }] });
      const made = await client.post('/api/plain', { name: 'blue' });
      expect([made.status, made.json()]).toMatchObject([201, { name: 'blue' }]);
      expect(made.header('location')).toMatch(/^\/api\/plain\/\d+$/);
      expect((await client.delete(`/api/plain/${tag.id}`)).status).toBe(204);
      expect((await client.get(`/api/plain/${tag.id}`)).status).toBe(404);
    });

    it('are seen by the interceptor of their method', async () => {
      const answer = await app.client().get(`/api/plain/${tag.id}`);
      expect([answer.json(), answer.header('x-seen')]).toEqual([{ id: tag.id, name: 'red' }, 'reply']);
    });

    it('call others of their class, once for a key', async () => {
      const client = app.client();
      const send = (path: string) =>
        client.post(path, undefined, { json: { name: 'blue' }, headers: { 'idempotency-key': 'one' } });
      for (const path of marked ? ['/api/plain', '/api/inheriting'] : ['/api/plain']) {
        await app.objects(Tag).filter({ name: 'blue' }).delete();
        const [first, second] = [await send(`${path}/again`), await send(`${path}/again`)];
        expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
        expect(second.header('idempotent-replayed')).toBe('true');
        expect(await app.objects(Tag).filter({ name: 'blue' }).count()).toBe(1);
      }
    });

    it.runIf(marked)('have the parameters and results of a class in between', async () => {
      const client = app.client();
      for (const path of ['/api/narrowed', '/api/narrowed-marked']) {
        expect((await client.get(`${path}/${tag.id}?part=one`)).json()).toEqual({ part: 'one' });
        expect((await client.get(`${path}/${tag.id}`)).json()).toEqual({ id: tag.id, name: 'red' });
      }
      expect((await client.get('/api/narrowed')).json()).toEqual([{ id: tag.id, name: 'red' }]);
    });

    it.runIf(marked)('are answered as ever when an interceptor tries them again', async () => {
      expect((await app.client().get('/api/retried/row')).json()).toEqual({ id: tag.id });
      const headers = { 'idempotency-key': 'two words' };
      const refused = await app.client().post('/api/retried', undefined, { json: {}, headers });
      expect([refused.status, refused.json()]).toMatchObject([400, { code: 'api.bad_idempotency_key' }]);
    });

    it.runIf(marked)('are seen by the interceptor of their class, replies and rows alike', async () => {
      const client = app.client();
      for (const path of ['/api/marked', `/api/marked/${tag.id}`]) {
        const answer = await client.get(path);
        expect([answer.status, answer.header('x-seen')]).toEqual([200, 'reply']);
      }
      expect((await client.get('/api/marked/row')).json()).toEqual({ seen: true });
    });
  });
});
