import { type FieldKind } from '../../../describe/entity-description.js';
import { raw, sql, type Sql } from '../../sql/sql.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import { argumentOf, operandOf, type Expression, type MentionsOf, type Operand } from '../expression.js';
import { FunctionExpression, resulting, type FunctionRule } from '../functions/function-expression.js';

const TEXT: readonly FieldKind[] = ['string', 'text', 'enum'];

type Write = (value: Sql, text: Sql) => Sql;

/** A function of the extension pg_trgm, of a value and of the text that it is compared with. */
const trigrams = (name: string, write: Write): FunctionRule => ({
  name,
  takes: [TEXT],
  write: { postgres: ([value, text]) => sql`(${write(value!, text!)})::float8` },
  result: resulting('float'),
});

const called =
  (name: string): Write =>
  (one, other) =>
    sql`${raw(name)}(${one}, ${other})`;
const turned =
  (write: Write): Write =>
  (one, other) =>
    write(other, one);
const distance =
  (write: Write): Write =>
  (one, other) =>
    sql`1 - ${write(one, other)}`;

const similarity = called('SIMILARITY');
const word = turned(called('WORD_SIMILARITY'));
const strictWord = turned(called('STRICT_WORD_SIMILARITY'));

const RULES = {
  similarity: trigrams('TrigramSimilarity', similarity),
  distance: trigrams('TrigramDistance', distance(similarity)),
  word: trigrams('TrigramWordSimilarity', word),
  wordDistance: trigrams('TrigramWordDistance', distance(word)),
  strictWord: trigrams('TrigramStrictWordSimilarity', strictWord),
  strictWordDistance: trigrams('TrigramStrictWordDistance', distance(strictWord)),
  unaccent: {
    name: 'Unaccent',
    takes: [TEXT],
    write: { postgres: ([value]) => sql`UNACCENT(${value!})` },
    result: resulting('string'),
  } satisfies FunctionRule,
} as const;

type Compared<A, O> = Expression<number, ArgumentMentions<A> | MentionsOf<O>>;

/** How alike two texts are, from 0 to 1, by their triples of letters. Needs PostgreSQL with the extension pg_trgm. */
export function TrigramSimilarity<const A extends Argument, const O extends Operand>(
  argument: A,
  text: O,
): Compared<A, O> {
  return new FunctionExpression(RULES.similarity, [argumentOf(argument), operandOf(text)]);
}

/** How different they are: 1 minus the similarity. */
export function TrigramDistance<const A extends Argument, const O extends Operand>(
  argument: A,
  text: O,
): Compared<A, O> {
  return new FunctionExpression(RULES.distance, [argumentOf(argument), operandOf(text)]);
}

/** How alike a text is to the part of the value that comes nearest to it. Needs PostgreSQL with pg_trgm. */
export function TrigramWordSimilarity<const A extends Argument, const O extends Operand>(
  argument: A,
  text: O,
): Compared<A, O> {
  return new FunctionExpression(RULES.word, [argumentOf(argument), operandOf(text)]);
}

/** How different they are: 1 minus the similarity. */
export function TrigramWordDistance<const A extends Argument, const O extends Operand>(
  argument: A,
  text: O,
): Compared<A, O> {
  return new FunctionExpression(RULES.wordDistance, [argumentOf(argument), operandOf(text)]);
}

/** The same for parts that begin and end with words. Needs PostgreSQL with pg_trgm. */
export function TrigramStrictWordSimilarity<const A extends Argument, const O extends Operand>(
  argument: A,
  text: O,
): Compared<A, O> {
  return new FunctionExpression(RULES.strictWord, [argumentOf(argument), operandOf(text)]);
}

/** How different they are: 1 minus the similarity. */
export function TrigramStrictWordDistance<const A extends Argument, const O extends Operand>(
  argument: A,
  text: O,
): Compared<A, O> {
  return new FunctionExpression(RULES.strictWordDistance, [argumentOf(argument), operandOf(text)]);
}

/** The text without its accents. Needs PostgreSQL with the extension unaccent. */
export function Unaccent<const A extends Argument>(argument: A): Expression<string, ArgumentMentions<A>> {
  return new FunctionExpression(RULES.unaccent, [argumentOf(argument)]);
}
