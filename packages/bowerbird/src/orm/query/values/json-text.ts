import { type ColumnModel } from '../model/entity-model.js';
import { type Store } from './stored-value.js';
import { unfit } from './unfit.js';

/** What JSON.stringify() writes for a NUL and for half of a surrogate pair, which not every database can keep. */
const UNFIT_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** The text of a document. @throws BadLookupValueError for what JSON cannot hold, or not every database */
export function jsonText(column: ColumnModel, path: string, value: unknown, persist: Store): unknown {
  const text = textOf(column, path, value, persist);
  if (text.includes('\\u') && UNFIT_ESCAPE.test(text))
    throw unfit(column, path, value, 'JSON without NUL bytes and halves of surrogate pairs');
  return text;
}

function textOf(column: ColumnModel, path: string, value: unknown, persist: Store): string {
  let text: unknown;
  try {
    text = persist(value);
  } catch (error) {
    throw unfit(column, path, value, 'a value that JSON can hold', { cause: error });
  }
  if (typeof text === 'string') return text;
  throw unfit(column, path, value, 'a value that JSON can hold');
}
