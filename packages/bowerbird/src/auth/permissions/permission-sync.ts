import { Injectable } from '@nestjs/common';

import { AfterMigrate, AppRegistry, Database, MigrateHook, type EntityDescription } from '#orm';

import { Permission } from '../groups/permission.entity.js';
import { MODEL_ACTIONS, permissionFor } from './codename.js';

/** A permission as the entities ask for it. */
interface WantedPermission {
  readonly codename: string;
  readonly label: string;
  readonly app: string;
}

/** Creates the permissions of all entities after each `migrate`, and keeps their labels as the entities say. */
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
  async afterMigrate(descriptions: readonly EntityDescription[]): Promise<void> {
    const wanted = descriptions.flatMap((description) => this.wantedBy(description));
    const stored = await this.database.objects(Permission).all();
    const known = new Map(stored.map((permission) => [permission.codename, permission]));
    const changed = wanted
      .filter((one) => !agrees(known.get(one.codename), one))
      .map((one) => Object.assign(known.get(one.codename) ?? new Permission(), one));
    if (changed.length > 0) await this.database.save(changed);
  }

  private wantedBy(description: EntityDescription): readonly WantedPermission[] {
    const app = this.apps.get(description.app).label;
    const model = MODEL_ACTIONS.map((action) => ({
      codename: permissionFor(action, description),
      label: `Can ${action} ${description.label.toLowerCase()}`,
      app,
    }));
    const custom = Object.entries(description.permissions).map(([action, label]) => ({
      codename: permissionFor(action, description),
      label,
      app,
    }));
    return [...model, ...custom];
  }
}

function agrees(stored: Permission | undefined, wanted: WantedPermission): boolean {
  return stored !== undefined && stored.label === wanted.label && stored.app === wanted.app;
}
