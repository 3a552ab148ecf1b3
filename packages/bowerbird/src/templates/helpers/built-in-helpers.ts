import { type Helper } from '../compile/helper.js';
import { type IntlFormats } from './intl-formats.js';
import { intlHelpers } from './intl-helpers.js';
import { LOGIC_HELPERS } from './logic-helpers.js';
import { MARKUP_HELPERS } from './markup-helpers.js';
import { TEXT_HELPERS } from './text-helpers.js';

/** The helpers that every template has. */
export function builtInHelpers(formats: IntlFormats): ReadonlyMap<string, Helper> {
  return new Map(Object.entries({ ...LOGIC_HELPERS, ...TEXT_HELPERS, ...MARKUP_HELPERS, ...intlHelpers(formats) }));
}
