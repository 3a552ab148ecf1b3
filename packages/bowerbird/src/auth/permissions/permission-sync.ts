import { Injectable } from '@nestjs/common';

import { AfterMigrate, AppRegistry, Database, MigrateHook, type EntityDescription } from '#orm';

import { Permission } from '../groups/permission.entity.js';
import { MODEL_ACTIONS, permissionFor } from './codename.js';

/** A permission as the entities ask for it. */
interface WantedPermission {
  readonly values: Pick<Permission, 'codename' | 'label' | 'app'>;
  /** Codenames that it had while its entity had another name. */
  readonly earlier: readonly string[];
}

/**
 * Creates the permissions of all entities after each `migrate`, and keeps their labels as the entities say.
 * Those of an entity that was renamed or moved to another app follow it, together with whom they were given to.
 */
@AfterMigrate()
@Injectable()
export class PermissionSync extends MigrateHook {
  constructor(
    private readonly database: Database,
    private readonly apps: AppRegistry,
  ) {
    super();
  }

  /** Permissions of entities that are gone stay: groups may hold them, and the entity may come back. */
  async afterMigrate(descriptions: readonly EntityDescription[], renames: ReadonlyMap<string, string>): Promise<void> {
    const earlier = earlierKeys(descriptions, renames);
    const wanted = descriptions.flatMap((description) =>
      this.wantedBy(description, earlier.get(description.key) ?? []),
    );
    const stored = await this.database.objects(Permission).all();
    const known = new Map(stored.map((permission) => [permission.codename, permission]));
    const found = ({ values, earlier: names }: WantedPermission): Permission | undefined =>
      [values.codename, ...names].flatMap((name) => known.get(name) ?? [])[0];
    const changed = wanted
      .filter((one) => !agrees(found(one), one.values))
      .map((one) => Object.assign(found(one) ?? new Permission(), one.values));
    if (changed.length > 0) await this.database.save(changed);
  }

  private wantedBy(description: EntityDescription, earlier: readonly string[]): readonly WantedPermission[] {
    const app = this.apps.get(description.app).label;
    const labels = new Map<string, string>([
      ...MODEL_ACTIONS.map((action): [string, string] => [action, `Can ${action} ${description.label.toLowerCase()}`]),
      ...Object.entries(description.permissions),
    ]);
    return [...labels].map(([action, label]) => ({
      values: { codename: permissionFor(action, description), label, app },
      earlier: earlier.map((key) => permissionFor(action, { key, app: key.slice(0, key.indexOf('.')) })),
    }));
  }
}

/** The keys that each entity had before, without those that another entity has now. */
function earlierKeys(
  descriptions: readonly EntityDescription[],
  renames: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const present = new Set(descriptions.map(({ key }) => key));
  const earlier = new Map<string, readonly string[]>();
  for (const [from, to] of renames) if (!present.has(from)) earlier.set(to, [...(earlier.get(to) ?? []), from]);
  return earlier;
}

function agrees(stored: Permission | undefined, { codename, label, app }: WantedPermission['values']): boolean {
  return stored?.codename === codename && stored.label === label && stored.app === app;
}
