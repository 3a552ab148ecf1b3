import { type SettingsProblems } from '#core';

import { type OrmOptions } from '../orm.options.js';
import { ROUTER_METHODS, type DatabaseRouter } from './database-router.js';

/** Reads `settings.routers`. */
export function resolveRouters(options: OrmOptions | undefined, problems: SettingsProblems): readonly DatabaseRouter[] {
  const given: unknown = options?.routers ?? [];
  const routers = Array.isArray(given) ? (given as unknown[]) : [given];
  for (const [index, router] of routers.entries()) if (!isRouter(router)) report(index, router, problems);
  return routers.filter(isRouter);
}

function isRouter(value: unknown): value is DatabaseRouter {
  if (typeof value !== 'object' || value === null) return false;
  const methods = value as Readonly<Record<string, unknown>>;
  const given = ROUTER_METHODS.filter((name) => methods[name] !== undefined);
  return given.length > 0 && given.every((name) => typeof methods[name] === 'function');
}

function report(index: number, got: unknown, problems: SettingsProblems): void {
  problems.add({
    id: 'orm.E016',
    path: `settings.routers[${index}]`,
    got: typeof got === 'function' ? got.name : got,
    expected: `an object with at least one of the methods ${ROUTER_METHODS.join(', ')}`,
    hint: 'Give the router itself, not its class: routers: [new ArchiveRouter()]',
  });
}
