import { type FieldKind } from '../../../describe/entity-description.js';
import { SQLITE_FUNCTIONS as own } from '../../../drivers/sqlite-functions.js';
import { QueryUsageError } from '../../query.errors.js';
import { join, raw, sql, type Sql } from '../../sql/sql.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import { argumentOf, Expression, operandOf, ValueExpression, type MentionsOf, type Operand } from '../expression.js';
import { FunctionExpression, resulting, type CallWriter, type FunctionRule } from './function-expression.js';

const TEXT: readonly FieldKind[] = ['string', 'text', 'enum'];
const SHOWN: readonly FieldKind[] = [...TEXT, 'integer', 'bigint', 'uuid'];
const WHOLE: readonly FieldKind[] = ['integer'];

const called =
  (name: string): CallWriter =>
  (args) =>
    sql`${raw(name)}(${join(args, ', ')})`;

/** MySQL compares as the collation of the text says, functions that look for a text included. */
const exactly = (text: Sql): Sql => sql`CONVERT(${text} USING utf8mb4) COLLATE utf8mb4_bin`;

const text = (name: string, write: FunctionRule['write'], takes: FunctionRule['takes'] = [TEXT]): FunctionRule => ({
  name,
  takes,
  write,
  result: resulting('string'),
});

const number = (name: string, write: FunctionRule['write'], takes: FunctionRule['takes'] = [TEXT]): FunctionRule => ({
  name,
  takes,
  write,
  result: resulting('integer'),
});

const hash = (name: string, postgres: CallWriter | undefined, mysql: CallWriter): FunctionRule =>
  text(name, {
    ...(postgres && { postgres }),
    mysql,
    sqlite: ([value]) => sql`${raw(own.hash)}('${raw(name.toLowerCase())}', ${value!})`,
  });

const sha = (bits: 224 | 256 | 384 | 512): FunctionRule =>
  hash(
    `Sha${bits}`,
    ([value]) => sql`ENCODE(${raw(`SHA${bits}`)}(CONVERT_TO(${value!}, 'UTF8')), 'hex')`,
    ([value]) => sql`SHA2(${value!}, ${raw(String(bits))})`,
  );

const asText = (value: Sql): Sql => sql`CAST(${value} AS TEXT)`;
const orEmpty = (value: Sql): Sql => sql`COALESCE(${value}, '')`;

const RULES = {
  lower: text('Lower', ([value], _values, { expressions }) => expressions.cased('lower', value!)),
  upper: text('Upper', ([value], _values, { expressions }) => expressions.cased('upper', value!)),
  length: number('Length', { postgres: called('CHAR_LENGTH'), mysql: called('CHAR_LENGTH'), sqlite: called('LENGTH') }),
  trim: text('Trim', called('TRIM')),
  leftTrim: text('LTrim', called('LTRIM')),
  rightTrim: text('RTrim', called('RTRIM')),
  reverse: text('Reverse', { postgres: called('REVERSE'), mysql: called('REVERSE'), sqlite: called(own.reverse) }),
  concat: {
    name: 'Concat',
    takes: [SHOWN],
    write: {
      postgres: (args) => sql`CONCAT(${join(args.map(asText), ', ')})`,
      mysql: (args) => sql`CONCAT(${join(args.map(orEmpty), ', ')})`,
      sqlite: (args) =>
        sql`(${join(
          args.map((value) => orEmpty(asText(value))),
          ' || ',
        )})`,
    },
    result: () => ({ kind: 'string', nullable: false }),
  } satisfies FunctionRule,
  substring: text(
    'Substr',
    {
      postgres: ([value, start, length]) =>
        length ? sql`SUBSTR(${value!}, (${start!})::int, (${length})::int)` : sql`SUBSTR(${value!}, (${start!})::int)`,
      mysql: called('SUBSTR'),
      sqlite: called('SUBSTR'),
    },
    [TEXT, WHOLE],
  ),
  right: text(
    'Right',
    {
      postgres: ([value, length]) => sql`RIGHT(${value!}, (${length!})::int)`,
      mysql: called('RIGHT'),
      sqlite: ([value, length]) =>
        sql`CASE WHEN ${length!} = 0 THEN SUBSTR(${value!}, 1, 0) ELSE SUBSTR(${value!}, -${length!}) END`,
    },
    [TEXT, WHOLE],
  ),
  repeat: text(
    'Repeat',
    {
      postgres: ([value, times]) => sql`REPEAT(${value!}, (${times!})::int)`,
      mysql: called('REPEAT'),
      sqlite: called(own.repeat),
    },
    [TEXT, WHOLE],
  ),
  leftPad: text('LPad', padded('LPAD', own.leftPad), [TEXT, WHOLE, TEXT]),
  rightPad: text('RPad', padded('RPAD', own.rightPad), [TEXT, WHOLE, TEXT]),
  replace: text('Replace', called('REPLACE')),
  position: number('StrIndex', {
    postgres: called('STRPOS'),
    mysql: ([value, part]) => sql`LOCATE(${exactly(part!)}, ${exactly(value!)})`,
    sqlite: called('INSTR'),
  }),
  code: number('Ord', {
    postgres: called('ASCII'),
    mysql: ([value]) =>
      sql`CASE WHEN CHAR_LENGTH(${value!}) = 0 THEN 0 ELSE CONV(HEX(CONVERT(LEFT(${value!}, 1) USING utf32)), 16, 10) + 0 END`,
    sqlite: ([value]) => sql`CASE WHEN ${value!} = '' THEN 0 ELSE UNICODE(${value!}) END`,
  }),
  character: text(
    'Chr',
    {
      postgres: ([code]) => sql`CHR((${code!})::int)`,
      mysql: ([code]) => sql`CONVERT(CHAR(${code!} USING utf32) USING utf8mb4)`,
      sqlite: called('CHAR'),
    },
    [WHOLE],
  ),
  md5: hash('Md5', called('MD5'), called('MD5')),
  sha1: hash('Sha1', undefined, called('SHA1')),
  sha224: sha(224),
  sha256: sha(256),
  sha384: sha(384),
  sha512: sha(512),
} as const;

function padded(name: string, ours: string): FunctionRule['write'] {
  return {
    postgres: ([value, length, fill]) => sql`${raw(name)}(${value!}, (${length!})::int, ${fill!})`,
    mysql: called(name),
    sqlite: called(ours),
  };
}

type Text<A> = Expression<string, ArgumentMentions<A>>;

/** The text in small letters, of every script. */
export function Lower<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.lower, [argumentOf(argument)]);
}

/** The text in capital letters, of every script. */
export function Upper<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.upper, [argumentOf(argument)]);
}

/** How many characters a text has. */
export function Length<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return new FunctionExpression(RULES.length, [argumentOf(argument)]);
}

/** The text without spaces around it. */
export function Trim<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.trim, [argumentOf(argument)]);
}

/** The text without spaces before it. */
export function LTrim<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.leftTrim, [argumentOf(argument)]);
}

/** The text without spaces behind it. */
export function RTrim<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.rightTrim, [argumentOf(argument)]);
}

/** The characters of a text from the last to the first. */
export function Reverse<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.reverse, [argumentOf(argument)]);
}

/** Texts one after another; NULL is nothing. Paths by `F`: `Concat(F('first'), ' ', F('last'))`. */
export function Concat<const O extends readonly Operand[]>(...operands: O): Expression<string, MentionsOf<O[number]>> {
  return new FunctionExpression(RULES.concat, operands.map(operandOf));
}

/** The part of a text from a character on, counted from 1. */
export function Substr<const A extends Argument>(argument: A, start: number, length?: number): Text<A> {
  const places = length === undefined ? [whole(start, 1)] : [whole(start, 1), whole(length, 0)];
  return new FunctionExpression(RULES.substring, [argumentOf(argument), ...places]);
}

/** The first characters of a text. */
export function Left<const A extends Argument>(argument: A, length: number): Text<A> {
  return Substr(argument, 1, length);
}

/** The last characters of a text. */
export function Right<const A extends Argument>(argument: A, length: number): Text<A> {
  return new FunctionExpression(RULES.right, [argumentOf(argument), whole(length, 0)]);
}

/** A text so many times. */
export function Repeat<const A extends Argument>(argument: A, times: number): Text<A> {
  return new FunctionExpression(RULES.repeat, [argumentOf(argument), whole(times, 0)]);
}

/** A text filled up before it to a length, and cut to it. */
export function LPad<const A extends Argument>(argument: A, length: number, fill = ' '): Text<A> {
  return new FunctionExpression(RULES.leftPad, [argumentOf(argument), whole(length, 0), filling(fill)]);
}

/** A text filled up behind it to a length, and cut to it. */
export function RPad<const A extends Argument>(argument: A, length: number, fill = ' '): Text<A> {
  return new FunctionExpression(RULES.rightPad, [argumentOf(argument), whole(length, 0), filling(fill)]);
}

/** A text in which another one is replaced wherever it is, with regard to case. */
export function Replace<const A extends Argument, const O extends Operand, const P extends Operand>(
  argument: A,
  wanted: O,
  replacement: P,
): Expression<string, ArgumentMentions<A> | MentionsOf<O> | MentionsOf<P>> {
  return new FunctionExpression(RULES.replace, [argumentOf(argument), operandOf(wanted), operandOf(replacement)]);
}

/** The place of a text in another one, from 1, with regard to case; 0 where it is not. */
export function StrIndex<const A extends Argument, const O extends Operand>(
  argument: A,
  wanted: O,
): Expression<number, ArgumentMentions<A> | MentionsOf<O>> {
  return new FunctionExpression(RULES.position, [argumentOf(argument), operandOf(wanted)]);
}

/** The Unicode number of the first character; 0 of an empty text. */
export function Ord<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return new FunctionExpression(RULES.code, [argumentOf(argument)]);
}

/** The character of a Unicode number. */
export function Chr<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.character, [argumentOf(argument)]);
}

/** The MD5 sum in hexadecimal digits, for checksums only. */
export function Md5<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.md5, [argumentOf(argument)]);
}

/** The SHA-1 sum in hexadecimal digits, for checksums only. Not on PostgreSQL, which has none. */
export function Sha1<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.sha1, [argumentOf(argument)]);
}

/** The SHA-224 sum in hexadecimal digits. */
export function Sha224<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.sha224, [argumentOf(argument)]);
}

/** The SHA-256 sum in hexadecimal digits. */
export function Sha256<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.sha256, [argumentOf(argument)]);
}

/** The SHA-384 sum in hexadecimal digits. */
export function Sha384<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.sha384, [argumentOf(argument)]);
}

/** The SHA-512 sum in hexadecimal digits. */
export function Sha512<const A extends Argument>(argument: A): Text<A> {
  return new FunctionExpression(RULES.sha512, [argumentOf(argument)]);
}

function whole(value: number, least: number): ValueExpression {
  if (!Number.isSafeInteger(value) || value < least)
    throw new QueryUsageError(`A place in a text is a whole number from ${least}, got ${value}`);
  return new ValueExpression(value, 'integer');
}

function filling(fill: string): ValueExpression {
  if (fill === '') throw new QueryUsageError('A text cannot be filled up with nothing');
  return new ValueExpression(fill, 'string');
}
