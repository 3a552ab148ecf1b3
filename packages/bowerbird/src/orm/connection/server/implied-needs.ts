import { type DatabaseNeed } from '../../describe/database-needs.js';
import { type Dialect, type EntityDescription } from '../../describe/entity-description.js';
import { extensionOf } from '../../describe/native-types.js';

/** What the columns and constraints of an entity need of PostgreSQL without saying so. */
export function impliedNeeds(entity: EntityDescription, dialect: Dialect): readonly DatabaseNeed[] {
  if (dialect !== 'postgres' || !entity.managed) return [];
  const { fields, uniques, indexes } = entity;
  const sets = [...uniques, ...indexes];
  const extensions = fields.flatMap(({ nativeType }) => extensionOf(nativeType) ?? []);
  return [
    ...(sets.some(({ nulls }) => nulls === 'same') ? (['nullsNotDistinct'] as const) : []),
    ...(sets.some(({ include }) => include) ? (['includeColumns'] as const) : []),
    ...[...new Set(extensions)].map((name): DatabaseNeed => `postgres:${name}`),
  ];
}
