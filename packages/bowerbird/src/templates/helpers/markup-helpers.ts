import { type Helper } from '../compile/helper.js';
import { CODE_ATTRIBUTE, URL_ATTRIBUTES } from '../compile/html-places.js';
import { safeUrl } from '../compile/output.js';
import { escapeHtml, SafeHtml, textOf } from '../safe-html.js';

const NAME = /^[a-zA-Z_][\w:.-]*$/;

/** One attribute: true is a bare name; false, null and undefined are no attribute; lists are joined by spaces. */
function attribute([name, value]: readonly [string, unknown]): string {
  if (value === false || value === null || value === undefined) return '';
  const key = name.toLowerCase();
  if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no attribute name`);
  if (CODE_ATTRIBUTE.test(key)) throw new TypeError(`the attribute ${name} holds code`);
  if (value === true) return ` ${name}`;
  const text = Array.isArray(value) ? value.filter(Boolean).map(textOf).join(' ') : textOf(value);
  return ` ${name}="${escapeHtml(URL_ATTRIBUTES.has(key) ? safeUrl(text) : text)}"`;
}

function attrs([object]: readonly unknown[], hash: object): SafeHtml {
  if (object !== undefined && (typeof object !== 'object' || Array.isArray(object)))
    throw new TypeError('the argument is no object');
  return new SafeHtml(
    Object.entries({ ...object, ...hash })
      .map(attribute)
      .join(''),
  );
}

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON that may stand in HTML: no `<`, `>`, `&`, line or paragraph separator. Big integers become text. */
export function jsonForHtml(value: unknown): string {
  const json = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
  return (json ?? 'null').replace(/[<>&\u2028\u2029]/g, (character) => JSON_ESCAPES[character]!);
}

/** A data block, which browsers never run, so it needs no nonce. Read it with `JSON.parse(element.textContent)`. */
function jsonScript([value, id]: readonly unknown[]): SafeHtml {
  const named = id === undefined ? '' : attribute(['id', id]);
  return new SafeHtml(`<script type="application/json"${named}>${jsonForHtml(value)}</script>`);
}

/** Helpers that make markup. */
export const MARKUP_HELPERS: Readonly<Record<string, Helper>> = {
  attrs: { call: (args, { hash }) => attrs(args, hash), requires: 0 },
  json_script: { call: jsonScript, requires: 1 },
};
