import { FormValues, type UploadedFile } from '#http';

import { plainText } from './plain-text.js';

/** What the client sent: texts and files by name. */
export class FormSource {
  constructor(
    readonly values: FormValues,
    readonly files: Readonly<Record<string, readonly UploadedFile[]>> = {},
    /** A JSON body, which is read instead of `values`. */
    readonly json?: Readonly<Record<string, unknown>>,
  ) {}

  /** From a parsed form, or from a plain object such as a JSON body (objects in it stay objects). */
  static of(data: FormData | undefined, files: FormSource['files'] | undefined): FormSource {
    if (data instanceof FormValues || data === undefined) return new FormSource(data ?? new FormValues(), files);
    return new FormSource(new FormValues(textsOf(data)), files);
  }

  /** The last file of a field. */
  file(name: string): UploadedFile | undefined {
    return Object.hasOwn(this.files, name) ? this.files[name]!.at(-1) : undefined;
  }
}

/** What a form takes as data. */
export type FormData = FormValues | Readonly<Record<string, unknown>>;

/** The entries of a plain object as a form would send them: false is absent, null is empty, objects are JSON. */
function textsOf(data: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null))
      return value.map((item) => [name, plainText(item)] as const);
    return [[name, plainText(value)] as const];
  });
}
