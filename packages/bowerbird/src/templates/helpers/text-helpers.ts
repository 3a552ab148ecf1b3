import { type Helper } from '../compile/helper.js';
import { SafeHtml, textOf, toHtml } from '../safe-html.js';

/** Joins parts; the result is markup when one of them is, and the others are escaped then. */
function joined(parts: readonly unknown[], separator: unknown): unknown {
  const all = parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
  if (all.some((part) => part instanceof SafeHtml)) return new SafeHtml(all.map(toHtml).join(''));
  return all.map(textOf).join('');
}

function join([list = null, separator = ', ']: readonly unknown[]): unknown {
  if (list === null) return '';
  if (typeof list !== 'object' || !(Symbol.iterator in list)) throw new TypeError('the first argument is no list');
  return joined([...(list as Iterable<unknown>)], separator);
}

/** Cuts by characters as people count them, never inside of an emoji or a letter with marks. */
function truncate([value, length, ellipsis = '…']: readonly unknown[]): string {
  const whole = textOf(value);
  const limit = Number(length);
  if (!Number.isInteger(limit) || limit < 0) throw new TypeError('the second argument is no whole number');
  if (whole.length <= limit) return whole;
  const window = whole.slice(0, limit * 16 + 64);
  const characters = [...new Intl.Segmenter().segment(window)].map(({ segment }) => segment);
  if (characters.length <= limit) return whole;
  return (
    characters
      .slice(0, Math.max(0, limit - 1))
      .join('')
      .trimEnd() + textOf(ellipsis)
  );
}

/** Helpers that make text of text. */
export const TEXT_HELPERS: Readonly<Record<string, Helper>> = {
  concat: { call: (args) => joined(args, ''), requires: 0 },
  join: { call: join, requires: 1 },
  lower: { call: ([value]) => textOf(value).toLowerCase(), requires: 1 },
  upper: { call: ([value]) => textOf(value).toUpperCase(), requires: 1 },
  truncate: { call: truncate, requires: 2 },
};
