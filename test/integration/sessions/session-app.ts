import { Controller, Get, Module, Query, Req, Res, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import { HttpModule, resolveHttp, type HttpOptions } from 'bowerbird/http';
import {
  addMessage,
  currentSession,
  Messages,
  resolveSessions,
  sessionDrivers,
  SessionsModule,
  type SessionContent,
  type SessionDriver,
  type SessionsOptions,
  type SessionStore,
} from 'bowerbird/sessions';
import { type Request, type Response } from 'express';

import { TestClient } from '../../../packages/bowerbird/src/testing/client/test-client.js';
import { FakeClock } from '../../../packages/bowerbird/src/testing/fake-clock.js';

/** Lets a request stop in the middle until the test goes on. */
export class Gate {
  private release: () => void = () => undefined;
  private arrive: () => void = () => undefined;
  readonly arrived = new Promise<void>((resolve) => (this.arrive = resolve));
  private readonly opened = new Promise<void>((resolve) => (this.release = resolve));

  open(): void {
    this.release();
  }

  async pass(): Promise<void> {
    this.arrive();
    await this.opened;
  }
}

/** Gates by name, for the probe. */
export class Gates {
  private readonly byName = new Map<string, Gate>();

  get(name: string): Gate {
    const gate = this.byName.get(name) ?? new Gate();
    this.byName.set(name, gate);
    return gate;
  }
}

const session = () => currentSession()!;

@Controller()
class SessionProbe {
  constructor(
    private readonly messages: Messages,
    private readonly gates: Gates,
  ) {}

  @Get('plain')
  plain() {
    return 'plain';
  }

  @Get('read')
  read(@Query('key') key: string) {
    return { value: session().get(key) ?? null, isNew: session().isNew, keys: session().keys() };
  }

  @Get('write')
  write(@Query('key') key: string, @Query('value') value: string) {
    session().set(key, value);
    return { id: session().id };
  }

  @Get('delete')
  remove(@Query('key') key: string) {
    session().delete(key);
    return 'deleted';
  }

  @Get('append')
  append() {
    const cart = session().get<string[]>('cart');
    if (cart) cart.push('item');
    else session().set('cart', ['item']);
    return session().get('cart');
  }

  @Get('redirect')
  redirect(@Res() response: Response) {
    session().set('from', 'redirect');
    response.redirect(303, '/read?key=from');
  }

  @Get('cycle')
  async cycle() {
    await session().cycle();
    session().set('user', '7');
    return { id: session().id };
  }

  @Get('cycle-and-fail')
  async cycleAndFail() {
    await session().cycle();
    throw new Error('after cycling');
  }

  @Get('destroy')
  async destroy() {
    await session().destroy();
    return { value: session().get('n') ?? null };
  }

  @Get('logout')
  async logout() {
    await session().destroy();
    addMessage('info', 'Good bye');
    return 'out';
  }

  @Get('fail')
  fail() {
    session().set('n', 'failed');
    throw new Error('on purpose');
  }

  @Get('date')
  date() {
    session().set('when', new Date(0));
  }

  @Get('sneak')
  sneak() {
    session().set('cart', []);
    session().get<unknown[]>('cart')!.push(new Date(0));
    return 'sneaked';
  }

  @Get('late')
  late(@Res() response: Response) {
    response.write('first');
    try {
      session().set('n', 1);
      response.end('no error');
    } catch (error) {
      response.end((error as { code: string }).code);
    }
  }

  @Get('stream')
  stream(@Res() response: Response) {
    session().set('before', 1);
    response.write('first ');
    session().set('after', 2);
    response.end('last');
  }

  @Get('gated')
  async gated(@Query('gate') gate: string, @Query('key') key: string, @Query('value') value: string) {
    session().get(key);
    await this.gates.get(gate).pass();
    session().set(key, value);
    return 'through';
  }

  @Get('say')
  say(@Query('text') text: string) {
    this.messages.success(text);
    return 'said';
  }

  @Get('hear')
  hear() {
    return { first: this.messages.shown(), again: this.messages.shown() };
  }

  @Get('native')
  native(@Req() request: Request, @Query('value') value: string | undefined) {
    const native = request.session as unknown as Record<string, unknown>;
    if (value) native.native = value;
    return { native: native.native ?? null, ours: session().get('native') ?? null };
  }

  @Get('native-regenerate')
  regenerate(@Req() request: Request, @Res() response: Response) {
    request.session.regenerate(() => {
      (request.session as unknown as Record<string, unknown>).native = 'regenerated';
      request.session.save(() => response.json({ id: request.sessionID }));
    });
  }

  @Get('native-reload')
  reload(@Req() request: Request, @Res() response: Response) {
    (request.session as unknown as Record<string, unknown>).native = 'forgotten';
    request.session.reload(() => {
      const { native } = request.session as unknown as Record<string, unknown>;
      response.json({ native: native ?? null });
    });
  }

  @Get('native-destroy')
  nativeDestroy(@Req() request: Request, @Res() response: Response) {
    request.session.destroy(() => response.json({ gone: request.session === undefined }));
  }
}

/** Counts what is asked of a store. */
export function counting(driver: SessionDriver): SessionDriver & { readonly calls: string[]; store: SessionStore } {
  const counted = {
    ...driver,
    calls: [] as string[],
    store: undefined as unknown as SessionStore,
    async create(parts: Parameters<SessionDriver['create']>[0]) {
      counted.store = await driver.create(parts);
      return new Proxy(counted.store, {
        get(store, name) {
          const member = store[name as keyof SessionStore] as unknown;
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => {
            counted.calls.push(String(name));
            return (member as (...args: unknown[]) => unknown).apply(store, args);
          };
        },
      });
    },
  };
  return counted;
}

export interface SessionApp {
  readonly nest: INestApplication;
  readonly clock: FakeClock;
  readonly gates: Gates;
  readonly calls: string[];
  readonly store: SessionStore;
  client(): TestClient;
  close(): Promise<void>;
}

export interface SessionAppOptions {
  readonly sessions?: SessionsOptions;
  readonly http?: HttpOptions;
  readonly keys?: SecretKeys;
  readonly production?: boolean;
  readonly imports?: readonly object[];
  readonly clock?: FakeClock;
  /** Runs when the providers are built and before the application starts. */
  readonly prepare?: (nest: INestApplication) => Promise<void>;
}

/** Boots a small application with the session step of the pipeline. */
export async function bootSessions(options: SessionAppOptions = {}): Promise<SessionApp> {
  const clock = options.clock ?? new FakeClock();
  const driver = counting(options.sessions?.driver ?? sessionDrivers.memory());
  const problems = new SettingsProblems();
  const base = { production: options.production ?? false, root: new URL('.', import.meta.url) };
  const gates = new Gates();

  @Module({
    imports: [
      CoreModule.forRoot(options.keys ?? new SecretKeys('k'.repeat(50)), clock),
      HttpModule.forRoot(resolveHttp({ allowedHosts: ['*'], ...options.http }, problems, base)),
      ...((options.imports ?? []) as never[]),
      SessionsModule.forRoot(resolveSessions({ ...options.sessions, driver }, problems, base)),
    ],
    controllers: [SessionProbe],
    providers: [{ provide: Gates, useValue: gates }],
  })
  class TestModule {}

  if (problems.all.length > 0) throw new Error(JSON.stringify(problems.all));
  const nest = await NestFactory.create(TestModule, { logger: false, bodyParser: false, abortOnError: false });
  await options.prepare?.(nest);
  await nest.listen(0, '127.0.0.1');
  const origin = await nest.getUrl();
  return {
    nest,
    clock,
    gates,
    calls: driver.calls,
    get store() {
      return driver.store;
    },
    client: () => new TestClient(origin),
    close: () => nest.close(),
  };
}

export type { SessionContent };
