import { Injectable } from '@nestjs/common';

import { contextValue, LOCALE } from '#core';

import { Icons } from '../admin-files.js';
import { AdminConfig } from '../admin.options.js';
import { ValueFormats } from './value-formats.js';

/** Languages whose formats are kept; a site that speaks more makes them anew. */
const MAX_LOCALES = 32;

/** The value formats of each language, made when they are first needed. */
@Injectable()
export class FormatRegistry {
  private readonly made = new Map<string, ValueFormats>();

  constructor(
    private readonly config: AdminConfig,
    private readonly icons: Icons,
  ) {}

  /** The formats of the current request's language. */
  current(): ValueFormats {
    const locale = contextValue(LOCALE) ?? this.config.locale;
    const known = this.made.get(locale);
    if (known) return known;
    const icon = (name: string) => this.icons.icon(name).toString();
    const formats = new ValueFormats({ locale, timeZone: this.config.timeZone, icon });
    if (this.made.size < MAX_LOCALES) this.made.set(locale, formats);
    return formats;
  }
}
