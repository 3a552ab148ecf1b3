import { type QueryBuilder } from 'typeorm';

import { type RawKey } from '../query/compile/keys.js';
import { type EntityModel } from '../query/model/entity-model.js';

/** A builder that has a condition. */
type Conditional = QueryBuilder<object> & { where(text: string): unknown };

/** Makes a builder change the rows of some keys, whatever its condition, order and limit were. */
export function whereKeys(builder: QueryBuilder<object>, model: EntityModel, keys: readonly RawKey[]): void {
  const { expressionMap } = builder;
  Object.assign(expressionMap, { wheres: [], orderBys: {}, limit: undefined, take: undefined });
  const parameters: Record<string, unknown> = {};
  const bind = (value: unknown): string => {
    const name = `bowerbird_key_${Object.keys(parameters).length}`;
    parameters[name] = value;
    return `:${name}`;
  };
  (builder as Conditional).where(keys.length === 0 ? '1 = 0' : conditionOf(model, keys, bind));
  builder.setParameters(parameters);
}

function conditionOf(model: EntityModel, keys: readonly RawKey[], bind: (value: unknown) => string): string {
  const names = model.primary.map((column) => model.dialect.quote(column.name));
  if (names.length === 1) return `${names[0]} IN (${keys.map(([value]) => bind(value)).join(', ')})`;
  const rows = keys.map((key) => `(${names.map((name, index) => `${name} = ${bind(key[index])}`).join(' AND ')})`);
  return `(${rows.join(' OR ')})`;
}
