import { describe, expect, it } from 'vitest';

import { type Field } from './field.js';
import { fields } from './fields.js';

const NAMES: readonly (readonly [name: string, field: Field<never>, schema: object])[] = [
  ['text', fields.text({ maxLength: 5 }) as never, { type: 'string', minLength: 1, maxLength: 5 }],
  ['text that may be empty', fields.text({ required: false }) as never, { type: 'string' }],
  ['text or null', fields.text({ required: false, nullable: true }) as never, { type: ['string', 'null'] }],
  ['a pattern', fields.text({ pattern: /a|b/u }) as never, { type: 'string', minLength: 1, pattern: '^(?:a|b)$' }],
  ['an e-mail address', fields.email() as never, { type: 'string', minLength: 1, format: 'email' }],
  ['a slug', fields.slug({ required: false }) as never, { type: 'string', pattern: '^[A-Za-z0-9_-]*$' }],
  ['an integer', fields.integer({ min: 1, max: 9 }) as never, { type: 'integer', minimum: 1, maximum: 9 }],
  ['a number or null', fields.number({ required: false }) as never, { type: ['number', 'null'] }],
  [
    'a decimal',
    fields.decimal({ precision: 5, scale: 2 }) as never,
    { type: ['string', 'number'], format: 'decimal', pattern: '^-?(?=\\.?\\d)\\d{0,3}(\\.\\d{0,2})?$' },
  ],
  ['64 bits', fields.bigint() as never, { type: ['string', 'integer'], format: 'int64', pattern: '^[+-]?\\d{1,19}$' }],
  ['yes or no', fields.boolean({ initial: true }) as never, { type: 'boolean', default: true }],
  ['consent', fields.boolean({ required: true }) as never, { type: 'boolean', const: true }],
  ['yes, no or unknown', fields.nullableBoolean() as never, { type: ['boolean', 'null'] }],
  ['a date', fields.date({ help: 'When' }) as never, { type: 'string', format: 'date', description: 'When' }],
  ['a moment', fields.datetime() as never, { type: 'string', format: 'date-time' }],
  ['a choice', fields.choice({ choices: ['a', 'b'] }) as never, { type: 'string', enum: ['a', 'b'] }],
  [
    'a choice or null',
    fields.choice({ choices: [1, 2], required: false }) as never,
    { type: ['integer', 'null'], enum: [1, 2, null] },
  ],
  [
    'several choices',
    fields.multipleChoice({ choices: ['a', 'b'] }) as never,
    { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, minItems: 1 },
  ],
  ['any JSON', fields.json({ required: false }) as never, {}],
];

describe('the JSON Schema of a field', () => {
  it.each(NAMES)('says what %s takes', (_name, field, schema) => expect(field.jsonSchema()).toEqual(schema));

  it('takes files in forms alone', () => {
    const file = fields.file({ required: false });
    expect([file.jsonSchema(), file.formSchema()]).toEqual([{ type: 'null' }, { type: 'string', format: 'binary' }]);
  });
});
