import { error, type AnyClass } from '#core';
import { type AppRegistry } from '#orm';

import { type AdminConfig } from '../admin.options.js';
import { isAccount } from './account-rank.js';
import { readDeclarations, type AdminDeclaration } from './admin-declaration.js';
import { type AdminApiOptions, type ApiAction } from './admin-options.js';
import { hintFor, listOf, type DescribeScope } from './describe-scope.js';

/** An entity of the admin that programs reach through the API. */
export interface AdminApi {
  readonly entity: AnyClass;
  /** Tells it from the entities of other apps: `ShopProduct`. */
  readonly name: string;
  /** Below the API's own path, without slashes around it: `shop/product`. */
  readonly path: string;
  readonly actions: readonly ApiAction[];
}

const ACTIONS: readonly ApiAction[] = ['list', 'create', 'retrieve', 'update', 'partialUpdate', 'destroy'];
const OPTIONS: readonly string[] = ['path', 'actions'];
const PATH = /^[\w-]+(\/[\w-]+)*$/;

/** The entities whose admin asks for an API; what is wrong with their options is left out and told by the checks. */
export function readAdminApis(apps: Pick<AppRegistry, 'all' | 'appOf'>, config: AdminConfig): readonly AdminApi[] {
  return readDeclarations(apps, config).flatMap((declaration) => {
    const options = optionsOf(declaration, config);
    return options ? [describeApi(declaration, options)] : [];
  });
}

/** Reports what is wrong with the option `api`. */
export function checkApi(scope: DescribeScope): void {
  const options = optionsOf(scope.declaration, scope.config) ?? {};
  const { path, actions } = options;
  for (const name of Object.keys(options).filter((key) => !OPTIONS.includes(key))) {
    const hint = hintFor(name, OPTIONS);
    scope.report(error('admin.E007', `There is no option "${name}" of the API`, { at: scope.at(`api.${name}`), hint }));
  }
  if (path !== undefined && !PATH.test(path)) {
    const hint = 'Write one without slashes around it, such as "shop/products"';
    scope.report(error('admin.E007', `"${path}" cannot be a path of the API`, { at: scope.at('api.path'), hint }));
  }
  const possible = possibleActions(scope.declaration);
  listOf(actions).forEach((name, index) => {
    if (possible.includes(name)) return;
    const password = name === 'create' ? 'An account is made with a password, on the page of the admin' : '';
    const hint = password || hintFor(name, possible);
    scope.report(error('admin.E007', `The API cannot "${name}" here`, { at: scope.at('api.actions', index), hint }));
  });
}

function optionsOf({ options: { api } }: AdminDeclaration, config: AdminConfig): AdminApiOptions | null {
  const given = api ?? config.api;
  if (given === false) return null;
  return given === true ? {} : given;
}

function describeApi(declaration: AdminDeclaration, { path, actions }: AdminApiOptions): AdminApi {
  const { app, entity } = declaration;
  const own = `${app.name}/${entity.name.toLowerCase()}`;
  return Object.freeze({
    entity,
    name: `${pascalCase(app.name)}${entity.name}`,
    path: path !== undefined && PATH.test(path) ? path : own,
    actions: possibleActions(declaration).filter((name) => actions?.includes(name) ?? true),
  });
}

/** Accounts are not made: their passwords are typed twice and judged by a page of the admin. */
function possibleActions({ entity }: AdminDeclaration): readonly ApiAction[] {
  return isAccount(entity) ? ACTIONS.filter((name) => name !== 'create') : ACTIONS;
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z\d]+)([A-Za-z\d])/g, (_, first: string) => first.toUpperCase());
}
