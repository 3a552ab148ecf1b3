import { AbstractUser, Group, Permission, type Permissions } from '#auth';
import { type AnyClass } from '#core';
import { type Database, type QuerySet, type RelationDescription } from '#orm';

import { type AdminContext, type AdminPermission } from './admin-context.js';

/** Marks of an account that superusers alone give. */
const MARKS: readonly string[] = ['isSuperuser', 'isStaff'];

/** Whether rows of an entity are accounts. */
export function isAccount(entity: AnyClass): boolean {
  return entity.prototype instanceof AbstractUser;
}

/** The fields of an entity that superusers alone may edit. */
export function powerPaths(entity: AnyClass, { user }: AdminContext): readonly string[] {
  return !user.isSuperuser && isAccount(entity) ? MARKS : [];
}

/** Whether a relation of an entity gives permissions to accounts. */
export function givesPower(entity: AnyClass, { target }: RelationDescription): boolean {
  return (
    (isAccount(entity) || entity === Group) && ((target as AnyClass) === Permission || (target as AnyClass) === Group)
  );
}

/**
 * Narrows permissions, or groups, to those that a user may give: permissions that they have, groups that hold nothing
 * else. Whatever else an account or a group has stays as it is.
 */
export async function grantable(
  permissions: Permissions,
  { user }: AdminContext,
  target: AnyClass,
  database: Database,
): Promise<(rows: QuerySet) => QuerySet> {
  if (user.isSuperuser) return (rows) => rows;
  const own = [...(await permissions.all(user))];
  if (target === Permission) return (rows) => rows.filter({ codename__in: own });
  const foreign = database.objects(Permission).exclude({ codename__in: own });
  return (rows) => rows.exclude({ permissions__in: foreign });
}

/**
 * Whether a row is an account that may do more than the user. Whoever could change it, its address or its password
 * could become it.
 */
export async function outranks(
  permissions: Permissions,
  permission: AdminPermission,
  { user }: AdminContext,
  row: object | undefined,
): Promise<boolean> {
  if (!(row instanceof AbstractUser) || permission === 'view' || user.isSuperuser || row.id === user.id) return false;
  if (row.isSuperuser) return true;
  const own = await permissions.all(user);
  const theirs = await permissions.all(activated(row));
  return [...theirs].some((codename) => !own.has(codename));
}

/** What an account may do counts also while it is switched off: it can be switched on. */
function activated(row: AbstractUser): AbstractUser {
  const copy = Object.create(Object.getPrototypeOf(row) as object) as AbstractUser;
  return Object.assign(copy, row, { isActive: true });
}
