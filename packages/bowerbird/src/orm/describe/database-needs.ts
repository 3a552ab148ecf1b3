import { type Dialect } from './entity-description.js';

/** The databases by name: MariaDB is a `mysql` with versions and features of its own. */
export type DatabaseProduct = Dialect | 'mariadb';

/** What a database may have, and others have not. */
export const DATABASE_FEATURES = [
  'arrays',
  'checkConstraints',
  'deferrableUniques',
  'exclusion',
  'expressionIndexes',
  'fullText',
  'generatedColumns',
  'includeColumns',
  'jsonb',
  'lateralJoins',
  'materializedViews',
  'nullsNotDistinct',
  'partialIndexes',
  'ranges',
  'recursiveQueries',
  'returning',
  'rowLevelSecurity',
  'sequences',
  'skipLocked',
  'transactionalDdl',
  'windowFunctions',
] as const;

/** One of {@link DATABASE_FEATURES}. */
export type DatabaseFeature = (typeof DATABASE_FEATURES)[number];

/**
 * What an entity needs of its database: a kind or a least version (`postgres>=15`), of which any will do, features, and
 * extensions of PostgreSQL (`postgres:pg_trgm`), all of which must be there.
 */
export type DatabaseNeed = DatabaseProduct | DatabaseFeature | `${DatabaseProduct}>=${string}` | `postgres:${string}`;

/** The needs of an entity, sorted. */
export interface SortedNeeds {
  /** Products that will do, each with its least version or null; empty where each product will. */
  readonly products: ReadonlyMap<DatabaseProduct, string | null>;
  readonly features: readonly DatabaseFeature[];
  readonly extensions: readonly string[];
  /** What means nothing. */
  readonly unknown: readonly string[];
}

const PRODUCTS: readonly DatabaseProduct[] = ['sqlite', 'postgres', 'mysql', 'mariadb'];
const VERSION = /^(\w+)>=(\d+(?:\.\d+)*)$/;

/** Sorts needs by what they are. A `mysql` without a version means MariaDB as well. */
export function sortNeeds(needs: readonly string[]): SortedNeeds {
  const products = new Map<DatabaseProduct, string | null>();
  const features: DatabaseFeature[] = [];
  const extensions: string[] = [];
  const unknown: string[] = [];
  for (const need of needs) {
    const [, product, version] = VERSION.exec(need) ?? [];
    if (isProduct(product)) products.set(product, version!);
    else if (isProduct(need)) products.set(need, products.get(need) ?? null);
    else if (isFeature(need)) features.push(need);
    else if (/^postgres:[\w-]+$/.test(need)) extensions.push(need.slice('postgres:'.length));
    else unknown.push(need);
  }
  if (products.get('mysql') === null && !products.has('mariadb')) products.set('mariadb', null);
  return { products, features, extensions, unknown };
}

/** The dialect of a product. */
export function dialectOf(product: DatabaseProduct): Dialect {
  return product === 'mariadb' ? 'mysql' : product;
}

function isProduct(word: string | undefined): word is DatabaseProduct {
  return (PRODUCTS as readonly (string | undefined)[]).includes(word);
}

function isFeature(word: string): word is DatabaseFeature {
  return (DATABASE_FEATURES as readonly string[]).includes(word);
}
