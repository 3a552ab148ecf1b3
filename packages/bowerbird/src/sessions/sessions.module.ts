import { Module, type DynamicModule, type Provider } from '@nestjs/common';

import { Clock, type AnyClass } from '#core';

import { ClearSessionsCommand } from './clear-sessions.command.js';
import { MessagesContext } from './messages.context.js';
import { Messages } from './messages.js';
import { SessionStore } from './session-store.js';
import { SessionMiddleware } from './session.middleware.js';
import { SessionsChecks } from './sessions.checks.js';
import { SessionsConfig } from './sessions.options.js';

/** Sessions and flash messages. */
@Module({})
export class SessionsModule {
  static forRoot(config: SessionsConfig): DynamicModule {
    return {
      module: SessionsModule,
      global: true,
      providers: [
        { provide: SessionsConfig, useValue: config },
        storeProvider(config),
        Messages,
        MessagesContext,
        SessionMiddleware,
        SessionsChecks,
        ClearSessionsCommand,
      ],
      exports: [SessionsConfig, SessionStore, Messages],
    };
  }
}

/** Builds the driver's store once the providers that it needs are there. */
function storeProvider({ driver }: SessionsConfig): Provider {
  const needs = driver.needs ?? [];
  return {
    provide: SessionStore,
    inject: [Clock, ...needs],
    useFactory: (clock: Clock, ...found: readonly object[]) => {
      const get = <T extends object>(token: AnyClass<T>) => found[needs.indexOf(token)] as T;
      return driver.create({ clock, get });
    },
  };
}
