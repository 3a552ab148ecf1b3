import {
  Avg,
  Case,
  Coalesce,
  Concat,
  Count,
  Extract,
  F,
  Lag,
  Left,
  Lower,
  LPad,
  Max,
  Rank,
  Replace,
  Round,
  StrIndex,
  Sum,
  Value,
  When,
  Window,
  type Expression,
  type Literal,
} from 'bowerbird/orm';

/** Deterministic pseudo-random numbers (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts that SQL, JavaScript or JSON could take for something else. */
export const HOSTILE = [
  "'",
  '"',
  '`',
  '\\',
  '--',
  '/*',
  '*/',
  ';',
  '$1',
  '?',
  ':x',
  '%',
  '_',
  "'; DROP TABLE city; --",
  '" OR 1=1 --',
  "' || (SELECT secret FROM city) || '",
  '${1}',
  '{{1}}',
  '\u0000',
  '\u2028',
  '\ud800',
  '💥',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '.',
  '..',
  '__',
  'a'.repeat(200),
];

/** Paths of a city, to columns, relations and documents. */
export const FIELDS = [
  'id',
  'name',
  'population',
  'area',
  'capital',
  'founded',
  'visitedAt',
  'data',
  'data.a',
  'data.a.0',
  'notes',
  'motto',
  'location.latitude',
  'country',
  'country.name',
  'country.population',
  'twin',
  'tags',
  'tags.weight',
  'landmarks',
  'landmarks.height',
  'landmarks.visits.stars',
  'wards',
  'pk',
];

/** One in eight is hostile. */
export const PATHS = [...Array.from({ length: 9 }, () => FIELDS).flat(), ...HOSTILE];

/** Values of every sort. */
export const VALUES: readonly Literal[] = [
  0,
  -1,
  1.5,
  1e20,
  2 ** 40,
  10n,
  true,
  null,
  new Date('2024-02-29T12:00:00Z'),
  '2024-02-29',
  '1.50',
  Number.NaN,
];
/** One in two is hostile. */
export const LITERALS: readonly Literal[] = [...VALUES, ...VALUES, ...HOSTILE];

/** Every way to read the text of a search. */
export const SEARCH_TYPES = ['plain', 'phrase', 'websearch', 'raw'] as const;

/** Draws one of a list by lot. */
export type Pick = <T>(list: readonly T[]) => T;

/** Expressions whose every name and value is drawn by lot from some paths and some values. */
export function makers(
  paths: readonly string[],
  literals: readonly Literal[],
): readonly ((pick: Pick) => Expression)[] {
  return [
    (pick) => F(pick(paths)),
    (pick) => F(pick(paths)).plus(pick(literals)),
    (pick) => F(pick(paths)).times(F(pick(paths))),
    (pick) => F(pick(paths)).dividedBy(pick(literals)),
    (pick) => Value(pick(literals)),
    (pick) => Count(pick(paths), { filter: { [pick(paths)]: pick(literals) } }),
    (pick) => Sum(pick(paths)),
    (pick) => Avg(pick(paths), { default: pick(literals) }),
    (pick) => Max(F(pick(paths)).minus(pick(literals))),
    (pick) => Case(When({ [pick(paths)]: pick(literals) }, pick(literals))).otherwise(pick(literals)),
    (pick) => Coalesce(F(pick(paths)), pick(literals)),
    (pick) => Concat(F(pick(paths)), pick(literals), pick(literals)),
    (pick) => Lower(pick(paths)),
    (pick) => Left(pick(paths), 3),
    (pick) => LPad(pick(paths), 8, `${String(pick(HOSTILE))}x`),
    (pick) => Replace(pick(paths), pick(HOSTILE), pick(HOSTILE)),
    (pick) => StrIndex(pick(paths), pick(HOSTILE)),
    (pick) => Round(pick(paths), 2),
    (pick) => Extract(pick(paths), pick(['year', 'week', 'hour'] as const)),
    (pick) => Window(Rank(), { partitionBy: pick(paths), orderBy: `-${pick(paths)}` }),
    (pick) => Window(Lag(pick(paths), 1, pick(literals)), { orderBy: [pick(paths), 'name'] }),
  ];
}
