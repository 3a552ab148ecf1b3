import { type ExpressionContext } from '../expressions/expression.js';
import { type QueryEngine } from '../query-engine.js';
import { type Origin, type QueryState } from '../query-state.js';
import { AliasSource, JoinScope } from './join-scope.js';
import { narrowedModel } from './narrowed-model.js';
import { PairsTable } from './pairs-table.js';
import { type SourceTable } from './source-table.js';
import { tableOf } from './table-of.js';
import { TableScope } from './table-scope.js';
import { zoneOf } from './zone-of.js';

/** What a query stands in: the statement around it, if there is one. */
export interface Surroundings {
  readonly aliases?: AliasSource | undefined;
  /** The query whose values `OuterRef` takes. */
  readonly outer?: ExpressionContext | undefined;
}

/** The FROM clause of a query, with nothing joined yet. @throws FieldError */
export function openScope(engine: QueryEngine, state: QueryState, around: Surroundings = {}): JoinScope {
  const { aliases = around.outer?.aliases ?? new AliasSource(), outer } = around;
  if (state.origin) return new TableScope(originTable(engine, state, state.origin, aliases), aliases, outer);
  const model = narrowedModel(engine.model(state.entity), state, outer);
  return new JoinScope(model, aliases, undefined, outer);
}

function originTable({ dialect }: QueryEngine, state: QueryState, origin: Origin, aliases: AliasSource): SourceTable {
  if (origin.type === 'rows') return tableOf(origin.source, dialect, aliases);
  const { left, joined } = origin;
  const [one, other] = [left, joined.source].map((query) => tableOf(query, dialect, aliases));
  return new PairsTable(one!, other!, joined, aliases, zoneOf(dialect, state));
}
