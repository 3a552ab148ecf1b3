import { Injectable } from '@nestjs/common';

import { StaticDirectory, StaticFiles } from '#http';
import {
  safeHtml,
  TemplateDirectory,
  TemplateHelper,
  TemplateHelperProvider,
  type HelperOptions,
  type SafeHtml,
} from '#templates';

/** Styles, scripts and icons. */
@StaticDirectory('admin')
@Injectable()
export class AdminAssets {
  readonly url = new URL('./assets/', import.meta.url);
}

/** The templates of every admin page; applications override them by name. */
@TemplateDirectory('admin')
@Injectable()
export class AdminTemplates {
  readonly url = new URL('./templates/', import.meta.url);
}

/** Markup of the icons in the sprite `assets/icons.svg`. They say nothing to screen readers; text stands beside them. */
@Injectable()
export class Icons {
  private readonly made = new Map<string, SafeHtml>();

  constructor(private readonly files: StaticFiles) {}

  icon(name: string, small = false): SafeHtml {
    const key = small ? `${name}:small` : name;
    const known = this.made.get(key);
    if (known) return known;
    const look = small ? 'bb-icon bb-icon-small' : 'bb-icon';
    const sprite = this.files.url('admin/icons.svg');
    const symbol = name.replaceAll(/[^\w-]/g, '');
    const made = safeHtml(
      `<svg class="${look}" viewBox="0 0 24 24" aria-hidden="true"><use href="${sprite}#${symbol}"/></svg>`,
    );
    if (this.made.size < 500) this.made.set(key, made);
    return made;
  }
}

/** `{{icon "plus"}}` and `{{icon "plus" small=true}}`. */
@TemplateHelper('icon')
@Injectable()
export class IconHelper extends TemplateHelperProvider {
  constructor(private readonly icons: Icons) {
    super();
  }

  call([name]: readonly unknown[], { hash }: HelperOptions): SafeHtml {
    return this.icons.icon(String(name), hash['small'] === true);
  }
}
