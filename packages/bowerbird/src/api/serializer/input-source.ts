import { FormErrors, WHOLE_FORM } from '#forms';
import { formValues, type FormValues, type HttpRequest, type UploadedFile } from '#http';

import { InvalidInputError } from '../api.errors.js';

/** The field of forms that carries the token against forged requests. */
const TOKEN = '_csrf';

/** One object of input: values of JSON with their types, or texts and files of a form. */
export type InputSource =
  | { readonly json: Readonly<Record<string, unknown>> }
  | { readonly form: FormValues; readonly files: Readonly<Record<string, readonly UploadedFile[]>> };

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body of a request that is one object: JSON, a form or a multipart form. @throws InvalidInputError */
export function sourceOf(request: HttpRequest): InputSource {
  if (isForm(request)) return { form: formValues(request), files: request.files ?? {} };
  return jsonSource(request.body);
}

/** Whether a request carries a form instead of JSON. */
export function isForm(request: HttpRequest): boolean {
  return /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(request.get('content-type') ?? '');
}

/** A value of JSON as input. @throws InvalidInputError for anything but an object */
export function jsonSource(value: unknown): InputSource {
  if (isObject(value)) return { json: value };
  const errors = new FormErrors();
  errors.add(WHOLE_FORM, { code: 'object', message: 'An object is expected.' });
  throw new InvalidInputError(errors);
}

/** The names that were sent. Objects count by themselves and by what is in them: `address`, `address.city`. */
export function sentNames(source: InputSource): readonly string[] {
  if ('json' in source) return Object.keys(source.json);
  return [...new Set([...source.form.names(), ...Object.keys(source.files)])].filter((name) => name !== TOKEN);
}

/**
 * The values of JSON by member. Members with dots stand inside of objects, so that what is in these is taken out as far as
 * it is known; other names stay as they were sent.
 */
export function flattened(json: Readonly<Record<string, unknown>>, names: readonly string[]): Map<string, unknown> {
  if (!names.some((name) => name.includes('.'))) return new Map(Object.entries(json));
  const prefixes = new Set(names.flatMap((name) => prefixesOf(name)));
  const flat = new Map<string, unknown>();
  const add = (object: Readonly<Record<string, unknown>>, prefix: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const name = prefix + key;
      if (prefixes.has(name) && isObject(value)) add(value, `${name}.`);
      else flat.set(name, value);
    }
  };
  add(json, '');
  return flat;
}

function prefixesOf(name: string): readonly string[] {
  const steps = name.split('.');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('.'));
}
