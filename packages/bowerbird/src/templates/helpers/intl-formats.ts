import { contextValue, LOCALE } from '#core';

const MAX_FORMATS = 500;

type Format = Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules;

/** The formatters of the Intl API, kept because making one costs more than using it a hundred times. */
export class IntlFormats {
  private readonly formats = new Map<string, Format>();

  constructor(
    private readonly defaultLocale: string,
    readonly timeZone: string,
  ) {}

  /** The locale of the current context, else the default. */
  get locale(): string {
    return contextValue(LOCALE) ?? this.defaultLocale;
  }

  number(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    return this.keep('number', locale, options, () => new Intl.NumberFormat(locale, options));
  }

  dateTime(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return this.keep('date', locale, options, () => new Intl.DateTimeFormat(locale, options));
  }

  plural(locale: string): Intl.PluralRules {
    return this.keep('plural', locale, {}, () => new Intl.PluralRules(locale));
  }

  private keep<F extends Format>(kind: string, locale: string, options: object, create: () => F): F {
    const key = `${kind} ${locale} ${JSON.stringify(options)}`;
    const known = this.formats.get(key) as F | undefined;
    if (known) return known;
    if (this.formats.size >= MAX_FORMATS) this.formats.clear();
    const format = create();
    this.formats.set(key, format);
    return format;
  }
}
