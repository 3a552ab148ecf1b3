import { Logger, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';

import { BOOT_PLAN, runWith } from '#core';
import { GracefulShutdown, HttpConfig } from '#http';

import { ResolvedSettings } from '../boot/resolved-settings.js';
import { CannotListenError } from '../framework.errors.js';
import { BootLogger } from './boot-logger.js';

/** The options with which the framework creates a Nest application; `manage` and the test kit share them. */
export const APPLICATION_OPTIONS = {
  abortOnError: false,
  bodyParser: false,
  routeConflictPolicy: { duplicate: 'error' },
  routeResolutionStrategy: 'specificity',
} as const;

/** Changes the Nest application before it starts to listen: adapters, shutdown hooks, global pipes. */
export type Configure = (app: INestApplication) => void | Promise<void>;

/** Boots the application, runs its checks and listens. The process ends when a signal closes the server. */
export async function serve(module: Type, configure?: Configure): Promise<void> {
  const app = await runWith(
    BOOT_PLAN,
    { verb: 'serve', checks: true, databaseChecks: true, connect: true },
    async () => {
      const created = await NestFactory.create<NestExpressApplication>(module, {
        ...APPLICATION_OPTIONS,
        logger: new BootLogger(['log', 'warn', 'error', 'fatal']),
      });
      await configure?.(created);
      return created.init();
    },
  );
  const { host, port } = app.get(HttpConfig);
  await listen(app, host, port);
  app.get(GracefulShutdown).listen(app, (code) => process.exit(code));
  const url = await app.getUrl();
  const { admin } = app.get(ResolvedSettings).areas;
  new Logger('Bowerbird').log(`Listening on ${url}${admin ? `, the admin on ${url}${admin.path}` : ''}`);
}

/** @throws CannotListenError after closing what the application has opened, so that the process can end */
async function listen(app: INestApplication, host: string, port: number): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    await app.close();
    throw new CannotListenError(host, port, cause as NodeJS.ErrnoException);
  }
}
