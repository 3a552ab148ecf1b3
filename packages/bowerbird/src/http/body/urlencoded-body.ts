import { MalformedBodyError, PayloadTooLargeError } from '../http.errors.js';
import { type Limits } from '../http.options.js';
import { describeBytes } from './body-source.js';
import { FormValues } from './form-values.js';

/** Parses an urlencoded form strictly. @throws MalformedBodyError, PayloadTooLargeError */
export function parseUrlencoded(text: string, limits: Limits): FormValues {
  const pairs = text === '' ? [] : text.split('&', limits.fields + 1);
  if (pairs.length > limits.fields) throw tooManyFields(limits);
  return new FormValues(pairs.filter((pair) => pair !== '').map((pair) => readPair(pair, limits)));
}

/** The error for a form with too many fields. */
export function tooManyFields(limits: Limits): PayloadTooLargeError {
  return new PayloadTooLargeError(`The form has more than ${limits.fields} fields`);
}

/** The error for a field beyond its limit. */
export function fieldTooLarge(name: string, limits: Limits): PayloadTooLargeError {
  return new PayloadTooLargeError(`The field "${name}" is larger than ${describeBytes(limits.fieldBytes)}`);
}

/** Refuses names and values that no handler should have to think of. @throws MalformedBodyError */
export function checkField(name: string, value: string): void {
  if (name === '__proto__') throw new MalformedBodyError('The field name "__proto__" is not allowed');
  if (name.includes('\0') || value.includes('\0')) throw new MalformedBodyError('The form holds a NUL character');
}

function readPair(pair: string, limits: Limits): readonly [string, string] {
  const mark = pair.indexOf('=');
  const name = decode(mark < 0 ? pair : pair.slice(0, mark));
  const value = mark < 0 ? '' : decode(pair.slice(mark + 1));
  checkField(name, value);
  if (value.length > limits.fieldBytes || Buffer.byteLength(value) > limits.fieldBytes)
    throw fieldTooLarge(name, limits);
  return [name, value];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new MalformedBodyError('The form is not percent-encoded UTF-8', { cause });
  }
}
