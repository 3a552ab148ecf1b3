import { type Provider } from '@nestjs/common';

import { ErrorPages } from '#http';

import { AboutCommand } from '../commands/about.command.js';
import { CheckCommand } from '../commands/check.command.js';
import { RoutesCommand } from '../commands/routes.command.js';
import { FrameworkChecks } from '../framework.checks.js';
import { AdminDocsLink } from '../pages/admin-docs-link.js';
import { RequestTemplateContext } from '../pages/request-template-context.js';
import { StaticTemplateHelper } from '../pages/static-template-helper.js';
import { TemplateErrorPages } from '../pages/template-error-pages.js';
import { Welcome } from '../pages/welcome.js';
import { StickyRequestsMiddleware } from '../replicas/sticky-requests.middleware.js';
import { RouteTable } from '../routes/route-table.js';
import { DatabaseProbe } from './database-probe.js';
import { ModuleRefHandle } from './module-ref-handle.js';
import { WorkerShutdown } from './worker-shutdown.js';

/** What the framework itself provides, above all areas. */
export const FRAMEWORK_PROVIDERS: readonly Provider[] = [
  ModuleRefHandle,
  RouteTable,
  FrameworkChecks,
  RequestTemplateContext,
  StaticTemplateHelper,
  { provide: ErrorPages, useClass: TemplateErrorPages },
  CheckCommand,
  RoutesCommand,
  AboutCommand,
  DatabaseProbe,
  WorkerShutdown,
  StickyRequestsMiddleware,
  Welcome,
  AdminDocsLink,
];
