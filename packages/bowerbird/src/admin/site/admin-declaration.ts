import { type AnyClass, type Class } from '#core';
import { type AppRegistry } from '#orm';

import { type AdminConfig } from '../admin.options.js';
import { accountAdmins } from './account-admins.js';
import { adminNotes } from './admin-note.js';
import { type OpenAdminOptions } from './admin-options.js';
import { type AdminRegistration } from './admin.decorator.js';
import { type ModelAdmin } from './model-admin.js';

/** One entity of the admin as its application declared it, before any name is checked. */
export interface AdminDeclaration {
  readonly entity: AnyClass;
  /** Owner in the address: `shop`. */
  readonly app: { readonly name: string; readonly label: string };
  /** Below the site's path, with a slash at its end: `shop/product/`. */
  readonly path: string;
  readonly options: OpenAdminOptions;
  readonly admin: Class<ModelAdmin<never>> | null;
  /** How many declarations the entity has; the first counts, more than one is a finding. */
  readonly declarations: number;
}

/** Entities of a `DataSource` that no app owns live below this name. */
const UNOWNED = { name: 'data', label: 'Data' } as const;

/** All declarations: decorated entities of the apps first, then those of `settings.admin.register`, then accounts. */
export function readDeclarations(
  apps: Pick<AppRegistry, 'all' | 'appOf'>,
  config: AdminConfig,
): readonly AdminDeclaration[] {
  const accounts = accountAdmins(apps);
  const entities = new Set<AnyClass>([
    ...apps.all().flatMap((app) => app.entities.filter((entity) => adminNotes(entity).length > 0)),
    ...config.register.map(({ entity }) => entity),
    ...accounts.map(({ entity }) => entity),
  ]);
  return [...entities].map((entity) => readDeclaration(entity, apps, config, accounts));
}

function readDeclaration(
  entity: AnyClass,
  apps: Pick<AppRegistry, 'appOf'>,
  config: AdminConfig,
  accounts: readonly AdminRegistration[],
): AdminDeclaration {
  const app = apps.appOf(entity) ?? UNOWNED;
  const own = [...registrationsOf(entity, config.register), ...notesOf(entity)];
  const [first] = own.length > 0 ? own : registrationsOf(entity, accounts);
  return {
    entity,
    app: { name: app.name, label: app.label },
    path: `${app.name}/${entity.name.toLowerCase()}/`,
    options: first!.options,
    admin: first!.admin,
    declarations: own.length,
  };
}

type Found = Pick<AdminDeclaration, 'options' | 'admin'>;

function registrationsOf(entity: AnyClass, registrations: readonly AdminRegistration[]): readonly Found[] {
  return registrations
    .filter((registration) => registration.entity === entity)
    .map(({ options, admin }) => ({ options, admin: admin ?? null }));
}

function notesOf(entity: AnyClass): readonly Found[] {
  return adminNotes(entity).map(({ options, admin }) => ({ options, admin: admin ?? null }));
}
