/** Code of an object literal by property, in the order in which it is written. */
export type Entries = readonly (readonly [name: string, code: string])[];

/** What a type of field is in an entity, in the admin and in a form. */
export interface FieldKind {
  /** Its type in TypeScript. */
  readonly type: string;
  /** What `@Column` says, by the arguments of the type: `decimal(8,2)`. */
  readonly column: (args: readonly string[]) => Entries;
  /** Arguments that it takes at most, and what they have to be. */
  readonly args?: { readonly most: number; readonly pattern: RegExp; readonly what: string };
  /** What TypeORM is told of the type where `| null` hides it. */
  readonly constructorName?: 'String' | 'Boolean';
  /** `format` of `@Field`. */
  readonly format?: string;
  /** A decorator of class-validator. */
  readonly validator?: string;
  /** What a default may be; null where there cannot be one. */
  readonly fallback: RegExp | null;
  /** Whether the default is written as text. */
  readonly quotesFallback: boolean;
  /** Where the admin uses it. */
  readonly admin: { readonly list: boolean; readonly search: boolean; readonly filter: boolean };
  /** The field of a form, and a value that it takes; null where forms have none. */
  readonly form: {
    readonly factory: string;
    readonly options: (args: readonly string[]) => Entries;
    /** A value that a visitor could enter, as code. */
    readonly example: string;
  } | null;
}

const NUMBERS = { pattern: /^\d{1,5}$/, what: 'whole numbers' };
const TEXT = /^[^'"`\\\n]*$/;
const WHOLE = /^-?\d{1,9}$/;
const BIG = /^-?\d{1,19}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,10})?$/;

const LISTED = { list: true, search: false, filter: false };
const SEARCHED = { list: true, search: true, filter: false };
const FILTERED = { list: true, search: false, filter: true };
const HIDDEN = { list: false, search: false, filter: false };

const none = (): Entries => [];

/** Short text, of a format that says more about it. */
function text(length: number, factory: string, example: string, more: Partial<FieldKind> = {}): FieldKind {
  return {
    type: 'string',
    column: ([given = String(length)]) => [['length', given]],
    args: { most: 1, ...NUMBERS },
    constructorName: 'String',
    fallback: TEXT,
    quotesFallback: true,
    admin: SEARCHED,
    form: { factory, options: ([given = String(length)]) => [['maxLength', given]], example: `'${example}'` },
    ...more,
  };
}

/** Text without a limit. */
function longText(more: Partial<FieldKind> = {}): FieldKind {
  return {
    type: 'string',
    column: () => [['type', "'text'"]],
    fallback: TEXT,
    quotesFallback: true,
    admin: HIDDEN,
    form: { factory: 'textarea', options: none, example: "'Some text'" },
    ...more,
  };
}

/** Anything whose column is known by its type alone. */
function plain(type: string, column: string, fallback: RegExp | null, more: Partial<FieldKind> = {}): FieldKind {
  return {
    type,
    column: () => [['type', column]],
    fallback,
    quotesFallback: type === 'string',
    admin: LISTED,
    form: null,
    ...more,
  };
}

const DECIMAL: FieldKind = {
  ...plain('string', "'decimal'", NUMBER),
  column: ([precision = '10', scale = '2']) => [
    ['type', "'decimal'"],
    ['precision', precision],
    ['scale', scale],
  ],
  args: { most: 2, ...NUMBERS },
  form: {
    factory: 'decimal',
    options: ([precision = '10', scale = '2']) => [
      ['precision', precision],
      ['scale', scale],
    ],
    example: "'12.50'",
  },
};

const BOOLEAN: FieldKind = {
  type: 'boolean',
  column: none,
  constructorName: 'Boolean',
  fallback: /^(true|false)$/,
  quotesFallback: false,
  admin: FILTERED,
  form: { factory: 'boolean', options: none, example: 'true' },
};

const form = (factory: string, example: string): FieldKind['form'] => ({ factory, options: none, example });

/** The types of fields that generators know, apart from choices and relations. */
export const FIELD_KINDS: Readonly<Record<string, FieldKind>> = {
  string: text(200, 'text', 'Some text'),
  text: longText(),
  email: text(254, 'email', 'somebody@example.com', { format: 'email', validator: 'IsEmail' }),
  url: text(200, 'url', 'https://example.com/', { format: 'url' }),
  slug: text(80, 'slug', 'some-text', { format: 'slug' }),
  phone: text(32, 'phone', '+49 30 123456', { format: 'phone' }),
  color: text(7, 'color', '#336699', { format: 'color', admin: LISTED }),
  markdown: longText({ format: 'markdown' }),
  file: text(200, 'file', '', { format: 'file', admin: HIDDEN, form: null }),
  image: text(200, 'image', '', { format: 'image', admin: HIDDEN, form: null }),
  int: plain('number', "'int'", WHOLE, { form: form('integer', "'1'") }),
  bigint: plain('string', "'bigint'", BIG, { form: form('bigint', "'1'") }),
  float: plain('number', "'float'", NUMBER, { form: form('number', "'1.5'") }),
  decimal: DECIMAL,
  boolean: BOOLEAN,
  date: plain('string', "'date'", /^\d{4}-\d\d-\d\d$/, { admin: FILTERED, form: form('date', "'2026-01-31'") }),
  time: plain('string', "'time'", /^\d\d:\d\d(:\d\d)?$/, { form: form('time', "'12:30'") }),
  datetime: plain('Date', 'Date', null, { admin: FILTERED, form: form('datetime', "'2026-01-31T12:30'") }),
  uuid: plain('string', "'uuid'", null, {
    form: form('uuid', "'0190a0b4-7e8c-7c3e-9d4f-2f6a1b3c5d7e'"),
  }),
  json: plain('Record<string, unknown>', "'simple-json'", null, { admin: HIDDEN, form: form('json', `'{"a":1}'`) }),
};

/** Other spellings. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = {
  str: 'string',
  varchar: 'string',
  integer: 'int',
  number: 'int',
  bool: 'boolean',
  timestamp: 'datetime',
};
