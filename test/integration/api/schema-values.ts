import { type JsonSchema } from 'bowerbird/core';
import * as fc from 'fast-check';
import { type Arbitrary } from 'fast-check';

/** Looks a reference of a document up. */
export type Resolve = (ref: string) => JsonSchema;

/** Values that fit a schema, as far as a schema can say it. */
export function fitting(schema: JsonSchema, resolve: Resolve): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(resolve(schema.$ref), resolve);
  if (schema.anyOf)
    return fc.oneof(...schema.anyOf.map((one) => fitting({ ...schema, anyOf: undefined!, ...one }, resolve)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const types = [schema.type ?? 'any'].flat();
  return fc.oneof(...types.map((type) => (BY_TYPE[type] ?? BY_TYPE['any']!)(schema, resolve)));
}

type Make = (schema: JsonSchema, resolve: Resolve) => Arbitrary<unknown>;

const BY_TYPE: Readonly<Record<string, Make>> = {
  any: () => fc.jsonValue({ maxDepth: 2 }),
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: wholeNumber,
  number: ({ minimum = -1e6, maximum = 1e6 }) =>
    fc.double({ min: minimum, max: maximum, noNaN: true, noDefaultInfinity: true }),
  string: textOf,
  array: ({ items = {}, minItems = 0, maxItems = 4 }, resolve) =>
    fc.array(fitting(items, resolve), { minLength: minItems, maxLength: Math.min(maxItems, 4) }),
  object: ({ properties = {}, required = [] }, resolve) =>
    fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fitting(schema, resolve)])),
      { requiredKeys: [...required] },
    ),
};

const BY_FORMAT: Readonly<Record<string, () => Arbitrary<unknown>>> = {
  email: () => fc.emailAddress(),
  uri: () => fc.webUrl(),
  uuid: () => fc.uuid(),
  date: () => moments().map((date) => date.toISOString().slice(0, 10)),
  'date-time': () => moments().map((date) => date.toISOString()),
  decimal: () => fc.integer({ min: -99_999_999, max: 99_999_999 }).map((cents) => (cents / 100).toFixed(2)),
  int64: () => fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
};

/** Small ones more often, since rows are named by them. */
function wholeNumber({ minimum = -(2 ** 31), maximum = 2 ** 31 - 1 }: JsonSchema): Arbitrary<unknown> {
  const [min, max] = [Math.max(minimum, -(2 ** 31)), Math.min(maximum, 2 ** 31 - 1)];
  const small = fc.integer({ min: Math.max(min, 1), max: Math.max(min, Math.min(max, 3)) });
  const first = fc.constant(Math.min(Math.max(1, min), max));
  return fc.oneof(
    { weight: 4, arbitrary: first },
    { weight: 2, arbitrary: small },
    { weight: 1, arbitrary: fc.integer({ min, max }) },
  );
}

function textOf({ format = '', pattern, minLength = 0, maxLength = 60 }: JsonSchema): Arbitrary<unknown> {
  const made = BY_FORMAT[format]?.();
  if (made) return made;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 60), unit: 'grapheme' });
}

function moments(): Arbitrary<Date> {
  return fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
}

/** Values that somebody sends who means no good. */
export const HOSTILE: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('', '\0', '\ud800', ' ', "'; drop table mag_tag; --", '{{7*7}}', '🦚'.repeat(300), 'x'.repeat(5_000)),
  fc.constantFrom(1e308, -1e308, 2 ** 53, -(2 ** 63), 1.5, -0, 0.1 + 0.2),
  fc.constantFrom([], {}, [[[[]]]], { $ref: '#' }, [null], null, true, { id: 1 }, { constructor: { prototype: {} } }),
  fc.constantFrom('0001-01-01', '9999-12-31T23:59:59Z', '2026-02-30', '-1', '1e400', 'NaN', '0x10', '١٢'),
);

/** The same value with something wrong in it: a member that is hostile, missing or unknown. */
export function spoiled(values: Arbitrary<unknown>): Arbitrary<unknown> {
  const broken = fc.tuple(values, HOSTILE, fc.nat(), fc.constantFrom('replace', 'drop', 'add')).map(spoil);
  return fc.oneof({ weight: 4, arbitrary: broken }, { weight: 1, arbitrary: HOSTILE });
}

function spoil([value, hostile, index, how]: [unknown, unknown, number, string]): unknown {
  if (Array.isArray(value)) return [...(value as unknown[]), hostile];
  if (typeof value !== 'object' || value === null) return hostile;
  const names = Object.keys(value);
  if (how === 'add' || names.length === 0) return { ...value, [index % 2 === 0 ? 'nobody' : '__proto__x']: hostile };
  const name = names[index % names.length]!;
  const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
  return how === 'drop' ? rest : { ...rest, [name]: hostile };
}
