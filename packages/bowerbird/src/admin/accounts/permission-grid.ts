import { Injectable } from '@nestjs/common';

import { MODEL_ACTIONS, Permission, permissionFor, Permissions } from '#auth';
import { AppRegistry, Database, Descriptions, type EntityDescription } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { AdminSite } from '../site/admin-site.js';
import { iconFor } from '../site/entity-icon.js';
import { heading } from '../site/labels.js';

/** One permission as a box. */
export interface PermissionBox {
  /** The key of the permission. */
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
  /** The user does not have it, so cannot give or take it. */
  readonly disabled: boolean;
}

/** The permissions of one entity. */
export interface PermissionLine {
  readonly label: string;
  readonly icon: string;
  /** View, add, change and delete, in this order. */
  readonly boxes: readonly (PermissionBox | null)[];
  /** Those that only this entity has. */
  readonly others: readonly PermissionBox[];
  readonly inAdmin: boolean;
}

/** The permissions of one app. */
export interface PermissionSection {
  readonly label: string;
  /** Closed at first, because nothing of it is in the admin and nothing of it is chosen. */
  readonly closed: boolean;
  readonly lines: readonly PermissionLine[];
}

/** A stored permission. */
interface StoredPermission {
  readonly id: number;
  readonly codename: string;
  readonly label: string;
  readonly app: string;
}

/** All permissions as tables: an app is a table, an entity a line, an action a column. Read by one statement. */
@Injectable()
export class PermissionGrid {
  constructor(
    private readonly site: AdminSite,
    private readonly apps: AppRegistry,
    private readonly descriptions: Descriptions,
    private readonly permissions: Permissions,
    private readonly database: Database,
  ) {}

  /** @param chosen keys of the permissions that are given */
  async sections(chosen: ReadonlySet<string>, { user }: AdminContext): Promise<readonly PermissionSection[]> {
    const stored = await this.stored();
    const own = user.isSuperuser ? null : await this.permissions.all(user);
    const box = ({ id, codename, label }: StoredPermission): PermissionBox => ({
      value: String(id),
      label,
      selected: chosen.has(String(id)),
      disabled: own !== null && !own.has(codename),
    });
    const byCodename = new Map(stored.map((one) => [one.codename, box(one)]));
    const known = this.apps.all().map((app) => this.section(app.name, app.label, byCodename));
    const left = stored.filter(({ codename }) => byCodename.has(codename));
    return [...known, ...strays(left, byCodename)].filter(({ lines }) => lines.length > 0).toSorted(openFirst);
  }

  private async stored(): Promise<readonly StoredPermission[]> {
    const rows = await this.database
      .objects(Permission)
      .orderBy('codename')
      .values('id', 'codename', 'label', 'app')
      .all();
    return rows;
  }

  /** Takes the permissions of an app's entities out of the map. */
  private section(app: string, label: string, boxes: Map<string, PermissionBox>): PermissionSection {
    const entities = this.descriptions.withProxies().filter((description) => description.app === app);
    const lines = entities.map((entity) => this.line(entity, boxes)).filter((line) => line !== null);
    const shown = lines.some(({ inAdmin }) => inAdmin);
    const collate = new Intl.Collator('en').compare;
    return {
      label,
      closed: !shown && !lines.some(isChosen),
      lines: lines.toSorted(
        (left, right) => Number(right.inAdmin) - Number(left.inAdmin) || collate(left.label, right.label),
      ),
    };
  }

  private line(entity: EntityDescription, boxes: Map<string, PermissionBox>): PermissionLine | null {
    const take = (action: string): PermissionBox | null => {
      const codename = permissionFor(action, entity);
      const found = boxes.get(codename) ?? null;
      boxes.delete(codename);
      return found;
    };
    const descriptor = this.site.find(entity.target);
    const { labelPlural, icon } = descriptor ?? { ...entity, icon: iconFor(entity.name) };
    const actions = MODEL_ACTIONS.map(take);
    const others = Object.keys(entity.permissions)
      .map(take)
      .filter((one) => one !== null);
    if (others.length === 0 && actions.every((one) => one === null)) return null;
    return { label: heading(labelPlural), icon, boxes: actions, others, inAdmin: descriptor !== undefined };
  }
}

/** Permissions whose entity is gone, by the label of its app. */
function strays(
  stored: readonly StoredPermission[],
  boxes: ReadonlyMap<string, PermissionBox>,
): readonly PermissionSection[] {
  const others = stored.map(({ codename }) => boxes.get(codename)).filter((one) => one !== undefined);
  if (others.length === 0) return [];
  const line = { label: 'Of entities that are gone', icon: 'question', boxes: [], others, inAdmin: false };
  return [{ label: 'Other', closed: !isChosen(line), lines: [line] }];
}

function isChosen({ boxes, others }: PermissionLine): boolean {
  return [...boxes, ...others].some((box) => box?.selected);
}

function openFirst(left: PermissionSection, right: PermissionSection): number {
  return Number(left.closed) - Number(right.closed);
}
