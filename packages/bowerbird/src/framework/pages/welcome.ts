import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';

import { DocsLinks } from '#api';
import { HttpConfig, WelcomePage } from '#http';
import { PREVIEW_PATH } from '#mail';

import { ResolvedSettings } from '../boot/resolved-settings.js';

/**
 * What `/` shows where no route of the application answers there: the welcome page while there are no apps, afterwards
 * the admin.
 */
@Injectable()
export class Welcome implements OnModuleInit {
  constructor(
    private readonly page: WelcomePage,
    private readonly http: HttpConfig,
    private readonly settings: ResolvedSettings,
    @Optional() private readonly docs?: DocsLinks,
  ) {}

  onModuleInit(): void {
    const { admin, api, mail } = this.settings.areas;
    if (admin) this.docs?.add({ label: 'Admin', href: admin.path });
    if (this.settings.apps.length > 0) {
      this.page.hide();
      if (admin && this.http.pipeline === 'all') this.page.leadTo(admin.path);
    } else {
      if (admin)
        this.page.addLink({ label: 'The admin', href: admin.path, description: 'Accounts and their permissions' });
      if (api?.docs)
        this.page.addLink({
          label: 'The API',
          href: api.path('docs'),
          description: 'Its description, to be tried out',
        });
      if (mail?.preview !== undefined)
        this.page.addLink({
          label: 'Mail',
          href: `/${PREVIEW_PATH}`,
          description: 'What the application would have sent',
        });
    }
  }
}
