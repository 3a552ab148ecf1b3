import { QueryUsageError } from './query.errors.js';

/** Names that lookups and paths leave room for. */
const NAME = /^[A-Za-z_$][\w$]*$/;

/** A name that callers give to something of a query. @throws QueryUsageError for one that lookups could not tell apart */
export function checkedName(name: string, what: string): string {
  if (NAME.test(name) && !name.includes('__') && name !== 'pk' && !(name in Object.prototype)) return name;
  throw new QueryUsageError(`${JSON.stringify(name)} cannot name ${what}`, {
    hint: 'Use letters, digits and single underscores',
  });
}
