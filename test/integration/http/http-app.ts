import { type Server } from 'node:http';
import { connect } from 'node:net';

import { Module, type INestApplication, type ModuleMetadata, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule, SecretKeys, SettingsError, SettingsProblems } from 'bowerbird/core';
import { HttpModule, resolveHttp, type HttpOptions } from 'bowerbird/http';

/** What a test's application is made of. */
export interface HttpAppOptions extends ModuleMetadata {
  readonly http?: HttpOptions;
  readonly production?: boolean;
  /** Leave Nest's own body parser on, as an adopting application does. */
  readonly nestParser?: boolean;
  /** Work on the application between its creation and its start. */
  readonly prepare?: (app: INestApplication) => void;
}

/** A small Nest application with the request pipeline, listening on a free port. */
export class HttpApp {
  private constructor(
    readonly nest: INestApplication,
    readonly port: number,
  ) {}

  static async start(options: HttpAppOptions = {}): Promise<HttpApp> {
    const { http, production = false, nestParser = false, prepare, imports = [], ...metadata } = options;
    const problems = new SettingsProblems();
    const hosts = production ? ['127.0.0.1', 'localhost'] : [];
    const root = new URL('./', import.meta.url);
    const config = resolveHttp({ allowedHosts: hosts, ...http }, problems, { production, root });
    if (problems.all.length > 0) throw new SettingsError(problems);

    @Module({
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50))), HttpModule.forRoot(config), ...imports],
      ...metadata,
    })
    class TestModule {}

    const nest = await NestFactory.create(TestModule, { logger: false, ...(!nestParser && { bodyParser: false }) });
    prepare?.(nest);
    await nest.listen(0, '127.0.0.1');
    return new HttpApp(nest, (nest.getHttpServer().address() as { port: number }).port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get<T>(token: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.nest.get(token, { strict: false });
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, { redirect: 'manual', ...init });
  }

  /** Sends bytes as they are and returns everything that comes back until the server closes or falls silent. */
  raw(text: string | Buffer, { silence = 1_500, end = false } = {}): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(this.port, '127.0.0.1', () => (end ? socket.end(text) : socket.write(text)));
      socket.setTimeout(silence, () => socket.destroy());
      socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
    });
  }

  stop(): Promise<void> {
    (this.nest.getHttpServer() as Server).closeAllConnections();
    return this.nest.close();
  }
}
