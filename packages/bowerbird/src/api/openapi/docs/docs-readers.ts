import { Injectable } from '@nestjs/common';

import { Permissions, type AbstractUser } from '#auth';

import { ApiConfig } from '../../api.options.js';

/** Who may read about the API: whom `settings.api.docs.access` names. */
@Injectable()
export class DocsReaders {
  constructor(
    private readonly config: ApiConfig,
    private readonly permissions: Permissions,
  ) {}

  /** Whether nobody needs to log in for it. */
  get everybody(): boolean {
    return this.access === 'public';
  }

  async includes(user: AbstractUser): Promise<boolean> {
    const { access } = this;
    if (typeof access === 'object') return this.permissions.hasAll(user, access.permissions);
    return access !== 'staff' || user.isStaff;
  }

  private get access(): NonNullable<ApiConfig['docs']>['access'] {
    return this.config.docs?.access ?? 'staff';
  }
}
