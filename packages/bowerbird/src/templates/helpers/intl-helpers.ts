import { type Helper } from '../compile/helper.js';
import { type HelperOptions } from '../template-contributions.js';
import { type IntlFormats } from './intl-formats.js';

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const TIME_ONLY = /^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const STYLES: readonly string[] = ['short', 'medium', 'long', 'full'];

type Style = 'short' | 'medium' | 'long' | 'full';
type Moment = { readonly at: Date; readonly timeZone: string };

/** Numbers, dates and plurals in the locale of the context. */
export function intlHelpers(formats: IntlFormats): Readonly<Record<string, Helper>> {
  const one = (call: (value: unknown, options: HelperOptions) => string): Helper => ({
    call: ([value], options) => (value === null || value === undefined || value === '' ? '' : call(value, options)),
    requires: 1,
  });
  return {
    number: one((value, { hash }) => formatNumber(formats, value, hash)),
    date: one((value, { hash }) => formatMoment(formats, value, hash, (style) => ({ dateStyle: style }))),
    time: one((value, { hash }) =>
      formatMoment(formats, value, { format: 'short', ...hash }, (style) => ({ timeStyle: style })),
    ),
    datetime: one((value, { hash }) =>
      formatMoment(formats, value, hash, (style) => ({
        dateStyle: style,
        timeStyle: style === 'full' ? 'long' : 'short',
      })),
    ),
    pluralize: { call: (args, { hash }) => pluralize(formats, args, hash), requires: 3 },
  };
}

function localeOf(formats: IntlFormats, { locale }: Readonly<Record<string, unknown>>): string {
  return typeof locale === 'string' ? locale : formats.locale;
}

/** Decimal texts and big integers are formatted exactly, without passing through a floating number. */
function formatNumber(formats: IntlFormats, value: unknown, hash: Readonly<Record<string, unknown>>): string {
  const { locale: _, ...options } = hash;
  const exact = typeof value === 'string' && DECIMAL.test(value);
  if (typeof value !== 'number' && typeof value !== 'bigint' && !exact)
    throw new TypeError(`${JSON.stringify(value)} is no number`);
  const digits = typeof value === 'string' && !/e/i.test(value) ? (value.split('.')[1]?.length ?? 0) : 3;
  const format = formats.number(localeOf(formats, hash), {
    ...(exact && !('style' in options) && { maximumFractionDigits: Math.min(digits, 20) }),
    ...(options as Intl.NumberFormatOptions),
  });
  return format.format(value as number);
}

function formatMoment(
  formats: IntlFormats,
  value: unknown,
  hash: Readonly<Record<string, unknown>>,
  styles: (style: Style) => Intl.DateTimeFormatOptions,
): string {
  const { at, timeZone } = momentOf(value, typeof hash.timeZone === 'string' ? hash.timeZone : formats.timeZone);
  const style = hash.format ?? 'medium';
  if (style === 'iso') return at.toISOString();
  if (!STYLES.includes(style as string)) throw new TypeError(`the format is one of ${STYLES.join(', ')}, iso`);
  return formats.dateTime(localeOf(formats, hash), { ...styles(style as Style), timeZone }).format(at);
}

/** Dates without a time and times without a date have no zone, so none is applied to them. */
function momentOf(value: unknown, timeZone: string): Moment {
  if (typeof value === 'string' && DATE_ONLY.test(value))
    return valid({ at: new Date(`${value}T00:00:00Z`), timeZone: 'UTC' }, value);
  if (typeof value === 'string' && TIME_ONLY.test(value))
    return valid({ at: new Date(`1970-01-01T${value}Z`), timeZone: 'UTC' }, value);
  const at =
    value instanceof Date
      ? value
      : typeof value === 'number' || typeof value === 'string'
        ? new Date(value)
        : undefined;
  return valid({ at: at ?? new Date(Number.NaN), timeZone }, value);
}

function valid(moment: Moment, value: unknown): Moment {
  if (Number.isNaN(moment.at.getTime())) throw new TypeError(`${String(value)} is no date`);
  return moment;
}

/** `{{pluralize count "city" "cities"}}`: the word alone, chosen by the plural rules of the locale. */
function pluralize(
  formats: IntlFormats,
  [count, one, many]: readonly unknown[],
  hash: Readonly<Record<string, unknown>>,
): unknown {
  return formats.plural(localeOf(formats, hash)).select(Number(count)) === 'one' ? one : many;
}
