import { Injectable } from '@nestjs/common';

import { NotFoundError, type HttpRequest, type Reply } from '#http';

import { AdminConfig } from '../admin.options.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { AdminPages } from '../site/admin-pages.js';
import { PageFrame, type NavApp } from '../site/page-frame.js';
import { RecentActions } from './recent-actions.js';

/** The index of the admin, and of one app. */
@Injectable()
export class IndexPage {
  constructor(
    private readonly config: AdminConfig,
    private readonly access: AdminAccess,
    private readonly frame: PageFrame,
    private readonly recent: RecentActions,
    private readonly pages: AdminPages,
  ) {}

  /** Everything that the user may see, narrowed by a text over apps and entities. */
  async show(request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const frame = await this.frame.build(context, { title: this.config.indexTitle, atIndex: true });
    const text = searchText(request);
    const model = {
      frame,
      search: frame.nav.length > 0 ? { url: this.config.path, value: text } : null,
      apps: narrow(frame.nav, text),
      recent: await this.recent.of(context),
      blank: blank(text, this.config.path),
    };
    return this.pages.render('index', model);
  }

  /** The entities of one app. @throws NotFoundError when the user may see nothing of it */
  async app(name: string, request: HttpRequest): Promise<Reply> {
    const context: AdminContext = this.access.context(request);
    const app = (await this.frame.navigation(context)).find((candidate) => candidate.name === name);
    if (!app) throw new NotFoundError(`There is no app "${name.slice(0, 80)}" in the admin`);
    const frame = await this.frame.build(context, { title: app.label });
    return this.pages.render('index', { frame, search: null, apps: [app], recent: null, blank: null });
  }
}

function searchText({ query }: HttpRequest): string {
  const { q } = query;
  return typeof q === 'string' ? q.trim().slice(0, 200) : '';
}

/** The apps whose name matches with all of their entities, and of the others the entities that match. */
function narrow(apps: readonly NavApp[], text: string): readonly NavApp[] {
  const wanted = text.toLowerCase();
  const matches = (label: string) => label.toLowerCase().includes(wanted);
  return apps
    .map((app) => (matches(app.label) ? app : { ...app, entities: app.entities.filter(({ label }) => matches(label)) }))
    .filter(({ entities }) => entities.length > 0);
}

function blank(text: string, path: string) {
  if (text !== '')
    return {
      icon: 'search',
      title: 'Nothing matches',
      text: `No section is called “${text}”.`,
      action: { url: path, label: 'Show all', primary: false },
    };
  return {
    icon: 'lock',
    title: 'Nothing to see here yet',
    text: 'Your account has no permissions in the administration. Ask an administrator for some.',
    action: null,
  };
}
