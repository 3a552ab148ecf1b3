import { type FieldKind } from '../../describe/entity-description.js';
import { BadLookupValueError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { coerce, expectation } from './coerce.js';
import { type Operand } from './lookup.js';
import { type Transform } from './transform.js';
import { UNACCENT } from './unaccent.js';

const TEXTS: ReadonlySet<FieldKind> = new Set<FieldKind>(['string', 'text']);

const TRANSFORMS: readonly Transform[] = [
  {
    name: 'lower',
    kinds: TEXTS,
    result: 'string',
    compile: (value, { expressions }) => expressions.cased('lower', value),
  },
  {
    name: 'upper',
    kinds: TEXTS,
    result: 'string',
    compile: (value, { expressions }) => expressions.cased('upper', value),
  },
  { name: 'trim', kinds: TEXTS, result: 'string', compile: (value) => sql`TRIM(${value})` },
  {
    name: 'length',
    kinds: TEXTS,
    result: 'integer',
    compile: (value, { name }) => sql`${raw(name === 'sqlite' ? 'LENGTH' : 'CHAR_LENGTH')}(${value})`,
  },
  UNACCENT,
];

/** Finds a transform of an operand's kind, one of the application's own included, or undefined. */
export function findTransform(
  name: string,
  { kind, dialect }: Pick<Operand, 'kind' | 'dialect'>,
): Transform | undefined {
  const fits = (each: Transform): boolean => each.name === name && each.kinds.has(kind);
  return TRANSFORMS.find(fits) ?? dialect.custom.transforms.find(fits);
}

/** Names of the transforms of an operand's kind, for messages. */
export function transformNames({ kind, dialect }: Pick<Operand, 'kind' | 'dialect'>): string[] {
  return [...TRANSFORMS, ...dialect.custom.transforms].filter(({ kinds }) => kinds.has(kind)).map(({ name }) => name);
}

/** What a transform makes of an operand: no column any more, so that it is compared as what the statement works out. */
export function transformed(operand: Operand, { name, result, ...transform }: Transform): Operand {
  const path = `${operand.path}__${name}`;
  const value = (given: unknown): unknown => {
    const fitting = given === null || given === undefined ? undefined : coerce(result, given);
    if (fitting === undefined) throw new BadLookupValueError(path, given, expectation(result));
    return fitting;
  };
  const { zone } = operand;
  const dialect = transform.forValues?.(operand.dialect) ?? operand.dialect;
  const { expressions } = dialect;
  const made = transform.compile(operand.sql, dialect);
  const sortable = (each: Sql): Sql => expressions.sortable({ sql: each, kind: result, nullable: true });
  const bound = (given: unknown): Sql => {
    const literal = expressions.literal(value(given), result);
    return sortable(transform.forValues ? transform.compile(literal, dialect) : literal);
  };
  return { path, kind: result, sql: made, compared: sortable(made), dialect, zone, raw: value, value: bound };
}
