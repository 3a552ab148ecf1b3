import { type HttpRequest } from '../http-request.js';

const NOTHING: readonly string[] = [];

/** The fields of a form as the client sent them: several values per name, in order. */
export class FormValues {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(entries: Iterable<readonly [name: string, value: string]> = []) {
    const values = new Map<string, string[]>();
    for (const [name, value] of entries) {
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
    this.values = values;
  }

  /** The fields of a plain object: text, or a list of texts per name. */
  static from(fields: Readonly<Record<string, unknown>>): FormValues {
    return new FormValues(
      Object.entries(fields).flatMap(([name, value]) =>
        (Array.isArray(value) ? (value as unknown[]) : [value])
          .filter((item) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
          .map((item) => [name, String(item)] as const),
      ),
    );
  }

  /** The last value of a field, or undefined. */
  get(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  /** All values of a field, in order. */
  all(name: string): readonly string[] {
    return this.values.get(name) ?? NOTHING;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** The names of the fields, in the order of their first values. */
  names(): readonly string[] {
    return [...this.values.keys()];
  }

  /** Text by name; a list where a name came several times. */
  toObject(): Record<string, string | string[]> {
    const fields: Record<string, string | string[]> = {};
    for (const [name, list] of this.values) fields[name] = list.length === 1 ? list[0]! : [...list];
    return fields;
  }
}

const FORM = Symbol('bowerbird:form values');

type Carrier = HttpRequest & { [FORM]?: FormValues };

/** Keeps the parsed form of a request. */
export function attachForm(request: HttpRequest, values: FormValues): void {
  (request as Carrier)[FORM] = values;
  request.body = values.toObject();
}

/** The fields of an urlencoded or multipart body; empty when the request has none. */
export function formValues(request: HttpRequest): FormValues {
  const carrier = request as Carrier;
  carrier[FORM] ??= isFields(carrier.body) ? FormValues.from(carrier.body) : new FormValues();
  return carrier[FORM];
}

/** The last value of one field, with no work for the others. */
export function formValue(request: HttpRequest, name: string): string | undefined {
  const { [FORM]: values, body } = request as Carrier;
  if (values) return values.get(name);
  return isFields(body) && Object.hasOwn(body, name) ? FormValues.from({ [name]: body[name] }).get(name) : undefined;
}

/** A body that another parser read. */
function isFields(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && !Buffer.isBuffer(body);
}
