import { Injectable } from '@nestjs/common';

import { type AdminContext } from './admin-context.js';

/** A way from every page of the admin to somewhere else. */
export interface AdminLink {
  readonly label: string;
  readonly href: string;
  /** Name of a symbol in the icon sprite. */
  readonly icon: string;
  /** Whether a user may go there. */
  shown(context: AdminContext): Promise<boolean>;
}

/** Where the pages of the admin lead to besides; the link to the site is a setting. */
@Injectable()
export class AdminLinks {
  private readonly links: AdminLink[] = [];

  add(link: AdminLink): void {
    this.links.push(link);
  }

  /** Those that a user may follow. */
  async of(context: AdminContext): Promise<readonly AdminLink[]> {
    const shown = await Promise.all(this.links.map((link) => link.shown(context)));
    return this.links.filter((_, index) => shown[index]);
  }
}
