import { type TemplateSource } from '../library/template-source.js';
import { escapeHtml, SafeHtml } from '../safe-html.js';
import { MissingVariableError, TemplateRenderError, UnsafeOutputError, type Position } from '../templates.errors.js';
import { type Place } from './html-places.js';

/** What an address becomes whose scheme could run code. */
export const BLOCKED_URL = 'about:invalid#blocked';

const SAFE_SCHEME = /^(https?|mailto|tel|sms|ftp)$|^data:image\/(png|jpeg|gif|webp|avif)[;,]/i;
/** What most addresses begin with; nothing before the first such character can be a scheme. */
const NO_SCHEME = /^[/?#]/;
// oxlint-disable-next-line no-control-regex -- browsers skip exactly these characters inside of a scheme
const IGNORED_IN_SCHEME = /[\u0000-\u0020]/g;

/** The address itself, or {@link BLOCKED_URL} when its scheme is not one of http(s), mailto, tel, sms, ftp, data:image. */
export function safeUrl(url: string): string {
  if (NO_SCHEME.test(url)) return url;
  const compact = url.replace(IGNORED_IN_SCHEME, '');
  const scheme = /^([^:/?#]*):/.exec(compact)?.[1];
  if (scheme === undefined || SAFE_SCHEME.test(scheme) || SAFE_SCHEME.test(compact)) return url;
  return BLOCKED_URL;
}

/** Turns the value of one mustache into markup. */
export class Printer {
  constructor(
    private readonly source: TemplateSource,
    private readonly at: Position,
    private readonly place: Place,
    /** Throws in strict mode, logs otherwise. */
    private readonly report: (error: Error) => void,
  ) {}

  print(value: unknown): string {
    if (this.place === 'plain' && typeof value === 'string') return value;
    if (typeof value === 'string') return this.place === 'text' ? escapeHtml(value) : this.printPlaced(value);
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return this.place === 'tag' ? this.printPlaced(String(value)) : String(value);
    if (value === null || value === undefined) return '';
    if (value instanceof SafeHtml) return this.place === 'url' ? safeUrl(value.toString()) : value.toString();
    return value instanceof Date ? value.toISOString() : this.refuse(value);
  }

  private printPlaced(text: string): string {
    if (this.place === 'url') return escapeHtml(safeUrl(text));
    if (/^[\w-]*$/.test(text)) return text;
    throw new UnsafeOutputError(
      `${JSON.stringify(text)} between attributes could add attributes`,
      this.source,
      this.at,
      {
        hint: 'Print attributes with {{attrs object}}, or put the value into quotes',
      },
    );
  }

  private refuse(value: unknown): string {
    const what = Array.isArray(value) ? 'a list' : typeof value === 'function' ? 'a function' : 'an object';
    const hint = 'Print one of its properties, or use a helper such as join, date or json_script';
    this.report(
      new TemplateRenderError(`The value is ${what}, which has no text form`, this.source, this.at, { hint }),
    );
    return '';
  }
}

/** The error for a variable that does not exist, with the nearest name that does. */
export function missingVariable(
  text: string,
  source: TemplateSource,
  at: Position,
  hint: string,
): MissingVariableError {
  const advice = hint || `Add it to the model, or write {{default ${text} ""}} when it is optional`;
  return new MissingVariableError(`"${text}" is not defined`, source, at, { hint: advice });
}
