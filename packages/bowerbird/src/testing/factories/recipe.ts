import { type Random } from './random.js';

/** What a recipe may look at. */
export interface RecipeContext {
  /** Counts the rows of the factory, from 1. */
  readonly n: number;
  /** The same numbers for the same seed and row. */
  readonly random: Random;
  /** The row as far as it is made. */
  readonly row: object;
  /** Makes a row by another factory, for the same database. */
  readonly related: RelatedRows;
}

/** Makes rows that a row refers to, in the way in which the row itself is made. */
export interface RelatedRows {
  build(factory: RowSource, values: object): unknown;
  create(factory: RowSource, values: object): Promise<unknown>;
}

/** A factory as recipes see it. */
export interface RowSource {
  readonly entity: abstract new (...args: never[]) => object;
}

/** How a value of each row is made. */
export interface Recipe<out T> {
  /** Whether it looks at the row, and so comes after all others. */
  readonly last: boolean;
  /** The value of a row that is not stored. */
  build(context: RecipeContext): T;
  /** The value of a row that is stored; what it refers to is stored before. */
  create(context: RecipeContext): T | Promise<T>;
}

/** Recipes carry this mark, so that values of any class can be told from them. */
const RECIPE = Symbol('bowerbird:recipe');

/** Marks an object as a recipe. */
export function recipe<T>(parts: Recipe<T>): Recipe<T> {
  return Object.freeze({ ...parts, [RECIPE]: true });
}

/** Whether a value of a factory is a recipe. */
export function isRecipe(value: unknown): value is Recipe<unknown> {
  return typeof value === 'object' && value !== null && RECIPE in value;
}

/** A value that counts: `sequence((n) => `Post ${n}`)`. */
export function sequence<T>(make: (n: number, random: Random) => T): Recipe<T> {
  const build = ({ n, random }: RecipeContext): T => make(n, random);
  return recipe({ last: false, build, create: build });
}

/** A value that follows from others of the row: `lazy((post: Post) => slugify(post.title))`. */
export function lazy<E extends object, T>(make: (row: E, random: Random) => T): Recipe<T> {
  const build = ({ row, random }: RecipeContext): T => make(row as E, random);
  return recipe({ last: true, build, create: build });
}
