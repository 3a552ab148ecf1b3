import { Injectable } from '@nestjs/common';

import { AuthConfig, type AbstractUser } from '#auth';
import { contextValue, LOCALE, readCookie } from '#core';

import { AdminConfig } from '../admin.options.js';
import { AdminAccess } from './admin-access.js';
import { type AdminContext } from './admin-context.js';
import { type AdminDescriptor } from './admin-descriptor.js';
import { AdminLinks, type AdminLink } from './admin-links.js';
import { AdminSite } from './admin-site.js';
import { heading, noun } from './labels.js';

/** One step of the way to a page; the page itself has no address. */
export interface Breadcrumb {
  readonly label: string;
  readonly url: string | null;
}

/** One entity in the navigation. */
export interface NavEntity {
  readonly key: string;
  readonly label: string;
  readonly noun: string;
  readonly icon: string;
  readonly url: string;
  readonly addUrl: string | null;
  readonly current: boolean;
}

/** One app in the navigation. */
export interface NavApp {
  readonly name: string;
  readonly label: string;
  readonly url: string;
  readonly entities: readonly NavEntity[];
}

/** What surrounds the content of every page. */
export interface FrameView {
  readonly title: string;
  readonly siteTitle: string;
  readonly header: string;
  readonly indexTitle: string;
  readonly environment: string | null;
  readonly locale: string;
  readonly theme: 'light' | 'dark' | null;
  readonly popup: boolean;
  readonly indexUrl: string;
  readonly siteUrl: string | null;
  readonly links: readonly Pick<AdminLink, 'label' | 'href' | 'icon'>[];
  readonly atIndex: boolean;
  readonly nav: readonly NavApp[];
  readonly user: FrameUser;
  readonly breadcrumbs: readonly Breadcrumb[];
}

/** Who is logged in, for the account menu. */
export interface FrameUser {
  readonly name: string;
  readonly email: string;
  readonly initials: string;
  readonly passwordUrl: string;
  readonly logoutUrl: string;
}

/** What a page says about itself. */
export interface FrameRequest {
  readonly title: string;
  /** The entity to which the page belongs. */
  readonly descriptor?: AdminDescriptor;
  /** Steps below the entity's list, the page itself last; only the label of the last one is shown. */
  readonly steps?: readonly Breadcrumb[];
  /** The page is opened in a small window of another page. */
  readonly popup?: boolean;
  readonly atIndex?: boolean;
}

/** Builds the frame of a page for a user: navigation by permission, breadcrumbs, theme. */
@Injectable()
export class PageFrame {
  constructor(
    private readonly config: AdminConfig,
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly auth: AuthConfig,
    private readonly links: AdminLinks,
  ) {}

  async build(context: AdminContext, page: FrameRequest): Promise<FrameView> {
    const { config } = this;
    return {
      title: page.title,
      siteTitle: config.title,
      header: config.header,
      indexTitle: config.indexTitle,
      environment: config.environment,
      locale: contextValue(LOCALE) ?? config.locale,
      theme: themeOf(context),
      popup: page.popup ?? false,
      indexUrl: config.path,
      siteUrl: config.siteUrl,
      links: page.popup ? [] : await this.links.of(context),
      atIndex: page.atIndex ?? false,
      nav: page.popup ? [] : await this.navigation(context, page.descriptor),
      user: this.account(context.user),
      breadcrumbs: page.atIndex ? [] : this.breadcrumbs(page),
    };
  }

  /** The apps and entities of which the user may see something, in the order of their labels. */
  async navigation(context: AdminContext, current?: AdminDescriptor): Promise<readonly NavApp[]> {
    const apps: NavApp[] = [];
    for (const { app, descriptors } of this.site.apps) {
      const entities: NavEntity[] = [];
      for (const descriptor of descriptors) {
        const entity = await this.navEntity(descriptor, context, current);
        if (entity) entities.push(entity);
      }
      if (entities.length > 0) apps.push({ ...app, url: `${this.config.path}${app.name}/`, entities });
    }
    return apps;
  }

  private async navEntity(
    descriptor: AdminDescriptor,
    context: AdminContext,
    current?: AdminDescriptor,
  ): Promise<NavEntity | null> {
    const view = await this.access.may(descriptor, 'view', context);
    const add = await this.access.may(descriptor, 'add', context);
    if (!view && !add) return null;
    const addUrl = add ? `${descriptor.path}add/` : null;
    return {
      key: descriptor.key,
      label: descriptor.labelPlural,
      noun: noun(descriptor.label),
      icon: descriptor.icon,
      url: view ? descriptor.path : addUrl!,
      addUrl,
      current: descriptor === current,
    };
  }

  private breadcrumbs({ descriptor, steps, title }: FrameRequest): readonly Breadcrumb[] {
    const { path, indexTitle } = this.config;
    const index: Breadcrumb = { label: indexTitle, url: path };
    if (!descriptor) return [index, ...(steps ?? [{ label: title, url: null }])];
    const app: Breadcrumb = { label: descriptor.app.label, url: `${path}${descriptor.app.name}/` };
    const list: Breadcrumb = { label: descriptor.labelPlural, url: steps?.length ? descriptor.path : null };
    return [index, app, list, ...(steps ?? [])];
  }

  private account(user: AbstractUser): FrameUser {
    return {
      name: user.name,
      email: user.email,
      initials: initialsOf(user.name),
      passwordUrl: this.auth.urls.passwordChange,
      logoutUrl: this.auth.urls.logout,
    };
  }
}

/** The theme that the visitor chose; null follows the system. The choice is a cookie that scripts set. */
function themeOf({ request }: AdminContext): 'light' | 'dark' | null {
  const theme = readCookie(request.get('cookie'), 'bb-theme');
  return theme === 'light' || theme === 'dark' ? theme : null;
}

function initialsOf(name: string): string {
  const words = name
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const [first = '?', last] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return initial(first) + (last ? initial(last) : '');
}

function initial(word: string): string {
  return heading(String.fromCodePoint(word.codePointAt(0) ?? 0x3f));
}
