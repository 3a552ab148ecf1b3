import { isSecretName } from '#core';

import { type FieldKind } from '../../describe/entity-description.js';
import { type InspectedColumn } from '../model/inspected.js';
import { commentText, literal, printCall, quoted, type Code, type CodeObject } from './code.js';
import { type Imports } from './imports.js';

/** What a property of each kind holds. */
const TYPES: Readonly<Record<FieldKind, string>> = {
  string: 'string',
  text: 'string',
  integer: 'number',
  bigint: 'string',
  float: 'number',
  decimal: 'string',
  boolean: 'boolean',
  date: 'string',
  time: 'string',
  datetime: 'Date',
  uuid: 'string',
  json: 'unknown',
  enum: 'string',
  binary: 'Buffer',
};

const INDENT = '  ';

/** A property with its decorators. */
export function columnSource(column: InspectedColumn, primaryKey: string | undefined, imports: Imports): string {
  const [decorator, ...args] = columnDecorator(column, primaryKey);
  const lines = [
    ...column.remarks.map((remark) => `// ${commentText(remark)}.`),
    printCall(`@${imports.use(decorator, 'typeorm')}`, args, INDENT),
    ...generatedLine(column, imports),
    ...fieldLine(column, imports),
    `${column.property}!: ${typeOf(column, imports)};`,
  ];
  return lines.map((line) => `${INDENT}${line}\n`).join('');
}

function columnDecorator(column: InspectedColumn, keyName: string | undefined): readonly [string, ...Code[]] {
  const { primary, type, updated } = column;
  const options = optionsOf(column, primary ? keyName : undefined);
  const whole = { type: quoted(type.name), ...options };
  const counts = column.column.generated === 'increment';
  if (updated) return ['UpdateDateColumn', whole];
  // TypeORM takes some options only beside the type.
  if (!primary && (column.enum || column.column.expression !== undefined)) return ['Column', whole];
  if (!primary) return ['Column', quoted(type.name), options];
  if (!counts) return ['PrimaryColumn', quoted(type.name), options];
  const plain = type.kind === 'integer';
  return ['PrimaryGeneratedColumn', plain ? options : whole];
}

function optionsOf(column: InspectedColumn, primaryKeyName: string | undefined): CodeObject {
  const { property, type, nullable, updated } = column;
  const { name, comment, expression, generated } = column.column;
  const { length, precision, scale, array } = type;
  return {
    ...(name !== property && { name: quoted(name) }),
    ...(length !== undefined && { length: String(length) }),
    ...(precision !== undefined && { precision: String(precision) }),
    ...(scale !== undefined && { scale: String(scale) }),
    ...(array && { array: 'true' }),
    ...(column.enum && { enum: column.enum.name }),
    ...(nullable && { nullable: 'true' }),
    ...(!updated && defaultOption(column)),
    ...(expression !== undefined && {
      asExpression: quoted(expression),
      generatedType: quoted(generated === 'virtual' ? 'VIRTUAL' : 'STORED'),
    }),
    ...(comment !== '' && { comment: quoted(comment) }),
    ...(primaryKeyName !== undefined && { primaryKeyConstraintName: quoted(primaryKeyName) }),
  };
}

function defaultOption(column: InspectedColumn): CodeObject {
  const given = column.default;
  if (!given) return {};
  if ('sql' in given) return { default: `() => ${quoted(given.sql)}` };
  const member = column.enum?.members.find(({ value }) => value === given.value);
  return { default: member ? `${column.enum!.name}.${member.name}` : literal(given.value) };
}

/** A counting column that is not the key. */
function generatedLine({ primary, column }: InspectedColumn, imports: Imports): readonly string[] {
  return !primary && column.generated === 'increment' ? [`@${imports.use('Generated', 'typeorm')}()`] : [];
}

/** What is a secret by its name is never logged or shown. */
function fieldLine({ type, property }: InspectedColumn, imports: Imports): readonly string[] {
  const options: CodeObject = {
    ...(type.types && {
      types: Object.fromEntries(Object.entries(type.types).map(([dialect, text]) => [dialect, quoted(text)])),
    }),
    ...(type.unknown && { editable: 'false' }),
    ...(isSecretName(property) && { sensitive: 'true' }),
  };
  if (Object.keys(options).length === 0) return [];
  return [printCall(`@${imports.use('Field', 'bowerbird/orm')}`, [options], INDENT)];
}

function typeOf({ type, nullable, enum: values }: InspectedColumn, imports: Imports): string {
  if (type.unknown || type.array) return 'unknown';
  const plain = values ? imports.use(values.name, './enums.js') : TYPES[type.kind];
  return nullable && plain !== 'unknown' ? `${plain} | null` : plain;
}
