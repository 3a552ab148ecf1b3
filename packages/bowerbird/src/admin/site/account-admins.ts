import { AbstractUser, Group } from '#auth';
import { type AnyClass, type Class } from '#core';
import { type AppRegistry } from '#orm';

import { UserAdmin } from '../accounts/user-admin.js';
import { type OpenAdminOptions } from './admin-options.js';
import { adminFor, type AdminRegistration } from './admin.decorator.js';
import { type ModelAdmin } from './model-admin.js';

/** How accounts and groups appear, unless the application declares them itself. */
export function accountAdmins(apps: Pick<AppRegistry, 'all'>): readonly AdminRegistration[] {
  const entities = apps.all().flatMap((app) => app.entities as readonly AnyClass[]);
  const users = entities.filter((entity): entity is AnyClass<AbstractUser> => entity.prototype instanceof AbstractUser);
  const groups = entities.filter((entity) => entity === Group);
  return [...users.map(userAdmin), ...groups.map(groupAdmin)];
}

function userAdmin(entity: AnyClass<AbstractUser>): AdminRegistration {
  const options: OpenAdminOptions = {
    icon: 'users',
    list: ['email', 'name', 'isStaff', 'isActive', 'lastLogin'],
    search: ['email', 'firstName', 'lastName'],
    filters: ['isStaff', 'isSuperuser', 'isActive', 'groups'],
    ordering: ['email'],
    fieldsets: [
      { fields: ['email', ['firstName', 'lastName'], 'passwordState'] },
      { title: 'Access', fields: ['isActive', 'isStaff', 'isSuperuser', 'groups', 'permissions'] },
      { title: 'Dates', fields: [['lastLogin', 'joinedAt']] },
    ],
    readOnly: ['passwordState', 'lastLogin', 'joinedAt'],
    controls: { groups: 'checkboxes', permissions: 'checkboxes' },
  };
  return { entity, options, admin: UserAdmin as unknown as Class<ModelAdmin<never>> };
}

function groupAdmin(): AdminRegistration {
  return adminFor(Group, {
    icon: 'shield',
    list: ['name'],
    search: ['name'],
    ordering: ['name'],
    controls: { permissions: 'checkboxes' },
  });
}
