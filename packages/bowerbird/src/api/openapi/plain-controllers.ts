import { Injectable } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';

import { type AnyClass } from '#core';
import { isPageController, isPublic } from '#http';

import { VIEWSET } from '../viewset/viewset-note.js';

/** One module as a scanner of controllers sees it. */
interface ScannedModule {
  readonly metatype: unknown;
  readonly imports: unknown;
  readonly controllers: ReadonlyMap<unknown, { readonly metatype: unknown }>;
}

/** What a scanner of controllers takes for an application. */
export interface ScannedApplication {
  readonly container: {
    getModules(): ReadonlyMap<string, ScannedModule>;
    isGlobalModule(): boolean;
  };
  readonly config: ApplicationConfig;
  getHttpAdapter(): unknown;
}

/** The controllers of the application that are neither viewsets nor pages of the framework. */
@Injectable()
export class PlainControllers {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Their classes by name. */
  all(): ReadonlyMap<string, AnyClass> {
    const classes = [...this.plainModules().values()].flatMap(({ controllers }) =>
      [...controllers.values()].map(({ metatype }) => metatype as AnyClass),
    );
    return new Map(classes.map((type) => [type.name, type]));
  }

  /** The application as far as it consists of them. */
  application(): ScannedApplication {
    const modules = Object.assign(this.plainModules(), { applicationId: this.modules.applicationId });
    return {
      container: { getModules: () => modules, isGlobalModule: () => false },
      config: this.config,
      // Commands run without a server.
      getHttpAdapter: () => this.host.httpAdapter ?? { getType: () => 'express' },
    };
  }

  private plainModules(): Map<string, ScannedModule> {
    return new Map(
      [...this.modules].map(([token, { metatype, imports, controllers }]) => [
        token,
        {
          metatype,
          imports,
          controllers: new Map([...controllers].filter(([, { metatype: type }]) => isPlain(type as AnyClass | null))),
        },
      ]),
    );
  }
}

/** Whether a handler of a controller is for everybody. */
export function isPublicHandler(controller: AnyClass, method: string): boolean {
  const handler = (controller.prototype as Record<string, object | undefined>)[method];
  return handler !== undefined && isPublic(handler, controller);
}

function isPlain(type: AnyClass | null): boolean {
  return type !== null && VIEWSET.read(type) === undefined && !isPageController(type);
}
