import {
  Injectable,
  Module,
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
import { map, type Observable } from 'rxjs';
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

@UseInterceptors(Marking)
@ViewSet(Tag, { ...OPTIONS, path: 'marked' })
class MarkedViewSet extends PlainViewSet {
  @Action({ detail: false })
  row(): Tag {
    return Object.assign(new Tag(), { id: 1, name: 'mine' });
  }
}

@App({ name: 'intercepted', entities: [] })
@Module({ controllers: [PlainViewSet, InheritingViewSet, MarkedViewSet] })
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
      tag = await app.create(Tag, { name: 'red' });
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
