import { didYouMean } from '#core';

import { TRASH_SCOPE } from '../describe/entity-description.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type Where } from '../query/q.js';
import { type QueryState } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';

/** The scopes that a query leaves out once some more are named; all of them when none is. @throws QueryUsageError */
export function leftOut(
  { name: entity, description: { scopes } }: EntityModel,
  already: QueryState['unscoped'],
  names: readonly string[],
): QueryState['unscoped'] {
  const known = scopes.map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw unknownScope(entity, name, known);
  return names.length === 0 || already === 'all' ? 'all' : [...new Set([...already, ...names])];
}

/** The condition that a row is marked as deleted. */
export function trashedRows({ description }: EntityModel): Where {
  return { op: 'lookups', lookups: { [`${description.deletionDate}__isnull`]: false } };
}

function unknownScope(entity: string, name: string, known: readonly string[]): QueryUsageError {
  if (name === TRASH_SCOPE)
    return new QueryUsageError(`${entity} has no deletion date, so none of its rows is marked as deleted`, {
      hint: 'Give it a @DeleteDateColumn',
    });
  const hint = known.length === 0 ? 'It has none' : didYouMean(name, known) || `It has ${known.join(', ')}`;
  return new QueryUsageError(`${entity} has no default scope "${name}"`, { hint });
}
