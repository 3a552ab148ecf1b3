import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { type UploadedFile } from '#http';

import { FormServices } from '../form-services.js';
import { ValidationError } from '../forms.errors.js';
import { type Field } from './field.js';
import { fields } from './fields.js';

const context = (initial?: unknown) => ({
  services: new FormServices('Test', {}),
  initial,
  instance: null,
  description: null,
});

async function clean(field: Field, raw: unknown, initial?: unknown): Promise<unknown> {
  try {
    return await field.clean(raw, context(initial));
  } catch (error) {
    if (error instanceof ValidationError) return error.issues.map(({ code }) => `! ${code}`).join(' ');
    throw error;
  }
}

const optional = { required: false } as const;

describe('text', () => {
  it.each([
    [fields.text(), '  a b ', 'a b'],
    [fields.text(), '', '! required'],
    [fields.text(), '   ', '! required'],
    [fields.text(), undefined, '! required'],
    [fields.text(optional), '', ''],
    [fields.text({ required: false, nullable: true }), ' ', null],
    [fields.text({ trim: false }), ' a ', ' a '],
    [fields.text(), 'a\0b', '! null_characters'],
    [fields.text(), 'a\ud800', '! invalid_characters'],
    [fields.text(), '😀', '😀'],
    [fields.text({ maxLength: 2 }), '😀😀', '😀😀'],
    [fields.text({ maxLength: 2 }), 'abc', '! max_length'],
    [fields.text({ minLength: 4, pattern: /\d+/ }), 'abc', '! min_length ! pattern'],
    [fields.text({ pattern: /\d+/g }), '12', '12'],
    [fields.text({ pattern: /\d+/ }), '12x', '! pattern'],
    [fields.textarea(), 'a\r\nb\rc', 'a\nb\nc'],
    [fields.password(), ' secret ', ' secret '],
    [fields.email(), 'Ann@EXAMPLE.com', 'Ann@example.com'],
    [fields.email(), 'jürgen@exämple.de', 'jürgen@exämple.de'],
    [fields.email(), 'a@b', '! email'],
    [fields.email(), 'a b@c.de', '! email'],
    [fields.email(), 'a..b@c.de', '! email'],
    [fields.email(), 'a@-b.de', '! email'],
    [fields.email(), 'a@b.de\n', 'a@b.de'],
    [fields.email(), 'a@b.de\nbcc:c@d.de', '! email'],
    [fields.email(), `a@${'b'.repeat(64)}.de`, '! email'],
    [fields.url(), 'https://a.b/c?d#e', 'https://a.b/c?d#e'],
    [fields.url(), 'javascript:alert(1)', '! url'],
    [fields.url(), 'https:a.b', '! url'],
    [fields.url(), 'ftp://a.b', '! url'],
    [fields.url(), 'https://a b', '! url'],
    [fields.slug(), 'a-b_1', 'a-b_1'],
    [fields.slug(), 'a b', '! slug'],
    [fields.slug(), 'ä', '! slug'],
    [fields.slug({ unicode: true }), 'ä-ß', 'ä-ß'],
    [fields.phone(), '+48 (22) 123-45', '+48 (22) 123-45'],
    [fields.phone(), 'call me', '! phone'],
    [fields.color(), '#AbC', '#aabbcc'],
    [fields.color(), 'red', '! color'],
    [fields.ip(), '2001:db8::1', '2001:db8::1'],
    [fields.ip(), '1.2.3.256', '! ip'],
    [fields.uuid(), '{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
    [fields.uuid(), '6ba7b8109dad11d180b400c04fd430c8', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
    [fields.uuid(), 'x', '! uuid'],
    [fields.uuid(optional), '', null],
    [fields.text(), ['a'], '! invalid'],
  ] as const)('case %#: %o cleans %j to %j', async (field, raw, expected) => {
    expect(await clean(field, raw)).toEqual(expected);
  });
});

describe('numbers', () => {
  it.each([
    [fields.integer(), ' 42 ', 42],
    [fields.integer(), '-0', 0],
    [fields.integer(), '1.0', 1],
    [fields.integer(), '1e3', 1000],
    [fields.integer(), '1.5', '! integer'],
    [fields.integer(), '', '! required'],
    [fields.integer(optional), ' ', null],
    [fields.integer(), '0x10', '! integer'],
    [fields.integer(), 'NaN', '! integer'],
    [fields.integer(), '2147483648', '! max_value'],
    [fields.integer(), '-2147483649', '! min_value'],
    [fields.integer(), '9'.repeat(300), '! max_value'],
    [fields.integer(), '9'.repeat(100_000), '! integer'],
    [fields.integer(), '1e999', '! max_value'],
    [fields.integer({ min: 5, step: 3 }), '4', '! min_value ! step'],
    [fields.number(), '1.5e2', 150],
    [fields.number(), 'Infinity', '! number'],
    [fields.number(), '1,5', '! number'],
    [fields.decimal({ precision: 6, scale: 2 }), '1.5', '1.50'],
    [fields.decimal({ precision: 6, scale: 2 }), '+0001.500', '1.50'],
    [fields.decimal({ precision: 6, scale: 2 }), '-0.00', '0.00'],
    [fields.decimal({ precision: 6, scale: 2 }), '.5', '0.50'],
    [fields.decimal({ precision: 6, scale: 2 }), '1.505', '! max_decimals'],
    [fields.decimal({ precision: 6, scale: 2 }), '12345', '! max_whole_digits'],
    [fields.decimal({ precision: 6, scale: 2 }), '12345678', '! max_digits'],
    [fields.decimal({ precision: 6, scale: 2 }), '1e3', '1000.00'],
    [
      fields.decimal({ precision: 30, scale: 20 }),
      '1234567890.12345678901234567891',
      '1234567890.12345678901234567891',
    ],
    [fields.decimal({ min: '0.1', max: '0.3' }), '0.30000000000000000001', '! max_value'],
    [fields.decimal({ step: '0.05' }), '0.15', '0.15'],
    [fields.decimal({ step: '0.05' }), '0.17', '! step'],
    [fields.bigint(), '9007199254740993', '9007199254740993'],
    [fields.bigint(), '9223372036854775808', '! max_value'],
    [fields.bigint(), '12a', '! integer'],
  ] as const)('case %#: %o cleans %j to %j', async (field, raw, expected) => {
    expect(await clean(field, raw)).toEqual(expected);
  });
});

describe('dates and times', () => {
  const warsaw = { timeZone: 'Europe/Warsaw' };

  it.each([
    [fields.date(), '2024-02-29', '2024-02-29'],
    [fields.date(), '2023-02-29', '! date'],
    [fields.date(), '0000-01-01', '! date'],
    [fields.date(), '1/2/2024', '! date'],
    [fields.date(optional), '', null],
    [fields.date({ min: '2024-01-01' }), '2023-12-31', '! min_value'],
    [fields.time(), '09:05', '09:05:00'],
    [fields.time(), '23:59:58', '23:59:58'],
    [fields.time(), '24:00', '! time'],
    [fields.datetime(), '2026-03-01T09:30', new Date('2026-03-01T09:30:00Z')],
    [fields.datetime(), '2026-03-01 09:30:15.5', new Date('2026-03-01T09:30:15.500Z')],
    [fields.datetime(), '2026-03-01T09:30+02:00', new Date('2026-03-01T07:30:00Z')],
    [fields.datetime(warsaw), '2026-07-01T09:30', new Date('2026-07-01T07:30:00Z')],
    [fields.datetime(warsaw), '2026-01-01T09:30', new Date('2026-01-01T08:30:00Z')],
    [fields.datetime(warsaw), '2026-03-29T02:30', '! nonexistent_time'],
    [fields.datetime(warsaw), '2026-10-25T02:30', new Date('2026-10-25T00:30:00Z')],
    [fields.datetime(), '2026-02-30T00:00', '! datetime'],
    [fields.datetime(), 'soon', '! datetime'],
    [fields.duration(), '1.5h', 5_400_000],
    [fields.duration(), 'long', '! duration'],
  ] as const)('case %#: %o cleans %j to %j', async (field, raw, expected) => {
    expect(await clean(field, raw)).toEqual(expected);
  });

  it('are shown as the browser expects them', () => {
    expect(fields.datetime(warsaw).show(new Date('2026-07-01T07:30:00Z'))).toBe('2026-07-01T09:30');
    expect(fields.datetime().show(new Date('2026-07-01T07:30:05.120Z'))).toBe('2026-07-01T07:30:05.120');
    expect(fields.time().show('09:30:00')).toBe('09:30');
    expect(fields.date().show(new Date('2026-07-01'))).toBe('2026-07-01');
    expect(fields.duration().show(5_400_000)).toBe('90m');
  });

  it('that were shown and came back unchanged keep their exact moment', async () => {
    const second = new Date('2026-10-25T01:30:00Z');
    const field = fields.datetime(warsaw);
    expect(await clean(field, field.show(second), second)).toBe(second);
  });
});

describe('choices and booleans', () => {
  const size = fields.choice({ choices: ['s', { value: 'm', label: 'Medium' }] });
  const level = fields.choice({ choices: [1, 2, 3], required: false });

  it.each([
    [size, 'm', 'm'],
    [size, 'x', '! choice'],
    [size, '', '! required'],
    [level, '2', 2],
    [level, '', null],
    [level, '4', '! choice'],
    [fields.multipleChoice({ choices: [1, 2, 3] }), ['3', '1', '3'], [1, 3]],
    [fields.multipleChoice({ choices: [1, 2, 3] }), ['1', '9'], '! choice_missing'],
    [fields.multipleChoice({ choices: [1, 2, 3] }), '1', '! not_a_list'],
    [fields.multipleChoice({ choices: [1, 2, 3] }), [], '! required'],
    [fields.boolean(), false, false],
    [fields.boolean(), 'on', true],
    [fields.boolean({ required: true }), false, '! required'],
    [fields.boolean(), 'maybe', '! boolean'],
    [fields.nullableBoolean(), '', null],
    [fields.nullableBoolean(), 'false', false],
  ] as const)('case %#: %o cleans %j to %j', async (field, raw, expected) => {
    expect(await clean(field as Field, raw)).toEqual(expected);
  });
});

describe('JSON', () => {
  it.each([
    ['{"a": [1, null]}', { a: [1, null] }],
    ['[]', []],
    ['0', 0],
    ['', '! required'],
    ['{a: 1}', '! json'],
    ['{"a": "\\u0000"}', '! json'],
  ])('%s cleans to %j', async (raw, expected) => {
    expect(await clean(fields.json(), raw)).toEqual(expected);
  });

  it('has not changed when only the order of its names did', () => {
    expect(fields.json().hasChanged({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 })).toBe(false);
    expect(fields.json().hasChanged([1, 2], [2, 1])).toBe(true);
  });
});

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(20)]);

function upload(fileName: string, content: Buffer | string): UploadedFile {
  const bytes = Buffer.from(content);
  return {
    fieldName: 'f',
    fileName,
    mediaType: 'image/png',
    size: bytes.length,
    path: '',
    open: () => Readable.from([bytes]),
  };
}

describe('files', () => {
  const sent = (file?: UploadedFile, clear = false, text?: string) => ({ file, clear, text });
  const pdf = upload('a.pdf', 'x');

  it.each([
    [fields.file(), sent(pdf), undefined, pdf],
    [fields.file(), sent(), undefined, '! required'],
    [fields.file(), sent(), 'old.pdf', 'old.pdf'],
    [fields.file(optional), sent(), undefined, null],
    [fields.file(optional), sent(undefined, true), 'old.pdf', null],
    [fields.file(), sent(undefined, true), 'old.pdf', '! required'],
    [fields.file(optional), sent(pdf, true), 'old.pdf', '! file_contradiction'],
    [fields.file(), sent(undefined, false, 'a.pdf'), undefined, '! file_missing'],
    [fields.file(), sent(upload('a.pdf', '')), undefined, '! file_empty'],
    [
      fields.file({ maxSize: 2, extensions: ['txt'] }),
      sent(upload('a.pdf', 'xyz')),
      undefined,
      '! file_size ! file_extension',
    ],
    [fields.file({ maxLength: 40, folder: 'shop/product/' }), sent(upload('abcd.pdf', 'x')), undefined, '! file_name'],
    [fields.image(), sent(upload('a.jpg', PNG)), undefined, '! image'],
    [fields.image(), sent(upload('a.png', '<svg onload=alert(1)>')), undefined, '! image'],
    [fields.image(), sent(upload('a.svg', '<svg/>')), undefined, '! file_extension'],
  ] as const)('case %#: %o cleans to %j', async (field, raw, initial, expected) => {
    expect(await clean(field as Field, raw, initial)).toEqual(expected);
  });

  it('that are images by content and name are accepted', async () => {
    const image = upload('A.PNG', PNG);
    expect(await clean(fields.image(), sent(image))).toBe(image);
  });
});

describe('validators', () => {
  it('run on values that are not empty, and all of them tell what is wrong', async () => {
    const field = fields.text({
      required: false,
      validators: [
        () => 'first',
        async () => ({ code: 'second', message: 'second' }),
        () => {
          throw new ValidationError('third', { code: 'third' });
        },
        () => undefined,
      ],
    });
    expect(await clean(field, 'a')).toBe('! invalid ! second ! third');
    expect(await clean(field, '')).toBe('');
  });

  it('may say it in their own words', () => {
    const field = fields.text({ maxLength: 1, messages: { max_length: 'Too long by far ({length} > {max})' } });
    expect(() => field.clean('abc', context())).toThrow('Too long by far (3 > 1)');
  });
});
