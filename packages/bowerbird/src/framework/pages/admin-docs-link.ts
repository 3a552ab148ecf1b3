import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';

import { AdminLinks } from '#admin';
import { DocsReaders } from '#api';

import { ResolvedSettings } from '../boot/resolved-settings.js';

/** Leads from the pages of the admin to those that show the API, for users who may read them. */
@Injectable()
export class AdminDocsLink implements OnModuleInit {
  constructor(
    private readonly settings: ResolvedSettings,
    @Optional() private readonly links?: AdminLinks,
    @Optional() private readonly readers?: DocsReaders,
  ) {}

  onModuleInit(): void {
    const { links, readers } = this;
    const { api } = this.settings.areas;
    if (!links || !readers || !api?.docs) return;
    links.add({ label: 'API', icon: 'bolt', href: api.path('docs'), shown: ({ user }) => readers.includes(user) });
  }
}
