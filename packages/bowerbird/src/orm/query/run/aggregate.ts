import { readerOf } from '../../hydrate/computed-values.js';
import { Annotations } from '../compile/annotations.js';
import { ExpressionCompiler, type CompilerNames } from '../compile/expression-compiler.js';
import { AliasSource } from '../compile/join-scope.js';
import { openScope } from '../compile/open-scope.js';
import { compileWhere, whereSql } from '../compile/select.js';
import { compilerOf } from '../compile/where.js';
import { type CompiledExpression, type Expression } from '../expressions/expression.js';
import { parsePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryHandle } from '../query-handle.js';
import { isSliced, unscopedState, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { compileQuery } from './fetch.js';

/** Aggregates by the names of their results. */
type Wanted = Readonly<Record<string, Expression>>;

/** A statement of one row, and what its columns hold. */
interface AggregateStatement {
  readonly sql: Sql;
  readonly values: readonly { readonly name: string; readonly alias: string; readonly value: CompiledExpression }[];
}

/** The values of aggregates over all rows of a query. @throws QueryUsageError, FieldError */
export async function fetchAggregates(
  engine: QueryEngine,
  state: QueryState,
  wanted: Wanted,
  rows: QueryHandle,
): Promise<Record<string, unknown>> {
  if (Object.keys(wanted).length === 0) return {};
  const { sql: statement, values } = compileAggregates(engine, state, wanted, rows);
  const [row] = await engine.rows(statement);
  return Object.fromEntries(values.map(({ name, alias, value }) => [name, readerOf(value)(row![alias])]));
}

/** Rows of values are the rows of a subquery; a slice of entities is the list of their keys. */
function compileAggregates(
  engine: QueryEngine,
  state: QueryState,
  wanted: Wanted,
  rows: QueryHandle,
): AggregateStatement {
  if (state.shape.type !== 'entity') return overValues(engine, state, wanted);
  if (!isSliced(state) && !state.distinctOn && !state.seek && !state.empty) return overEntities(engine, state, wanted);
  const keys: QueryState = {
    ...unscopedState(state.entity),
    annotations: state.annotations,
    zone: state.zone,
    where: [{ op: 'lookups', lookups: { pk__in: rows } }],
  };
  return overEntities(engine, keys, wanted);
}

/** Aggregates over relations to many get a statement for each relation, so that they do not multiply each other's rows. */
function overEntities(engine: QueryEngine, state: QueryState, wanted: Wanted): AggregateStatement {
  const aliases = new AliasSource();
  const parts = [...byRelation(engine, state, wanted)].map(([, names]) =>
    entityStatement(engine, state, pick(wanted, names), aliases),
  );
  if (parts.length === 1) return parts[0]!;
  const named = parts.map((part) => ({ part, name: aliases.take() }));
  const values = named.flatMap(({ part, name }) =>
    part.values.map((value) => ({ ...value, from: raw(`${name}.${value.alias}`) })),
  );
  const renamed = values.map((value, index) => ({ ...value, alias: `c${index}` }));
  const selected = renamed.map(({ from, alias }) => sql`${from} AS ${raw(alias)}`);
  const tables = named.map(({ part, name }) => sql`(${part.sql}) AS ${raw(name)}`);
  return { values: renamed, sql: sql`SELECT ${join(selected, ', ')} FROM ${join(tables, ' CROSS JOIN ')}` };
}

function entityStatement(
  engine: QueryEngine,
  state: QueryState,
  wanted: Wanted,
  aliases: AliasSource,
): AggregateStatement {
  const scope = openScope(engine, state, { aliases });
  const compiler = compilerOf(scope, { ...state, seek: null }).overAll();
  const values = compileValues(wanted, compiler);
  const where = compileWhere(scope, state);
  return { values, sql: sql`SELECT ${selectedSql(values, compiler)} FROM ${scope.from()}${whereSql(where)}` };
}

/** The names of the wanted values by the relation to many that they reach over; an empty one for none. */
function byRelation(engine: QueryEngine, state: QueryState, wanted: Wanted): Map<string, string[]> {
  const scope = openScope(engine, state);
  const compiler = compilerOf(scope, { ...state, seek: null });
  const groups = new Map<string, string[]>();
  for (const [name, expression] of Object.entries(wanted)) {
    const relations = compiler.relationsOf(expression);
    if (relations.length > 1)
      throw new QueryUsageError(`"${name}" reaches over several relations: ${relations.join(', ')}`, {
        hint: 'Aggregate over each relation under a name of its own',
      });
    const relation = relations[0] ?? '';
    groups.set(relation, [...(groups.get(relation) ?? []), name]);
  }
  return groups;
}

/** Over the rows of a query of values, whose names are those that it selects. */
function overValues(engine: QueryEngine, state: QueryState, wanted: Wanted): AggregateStatement {
  const { sql: inner, plan } = compileQuery(engine, isSliced(state) ? state : { ...state, order: [], total: false });
  const { scope } = plan;
  const selected = compilerOf(scope, state);
  const alias = scope.aliases.take();
  const known = new Map(
    [...selected.selected].map(([name, column]) => [name, { ...selected.path(name), sql: raw(`${alias}.${column}`) }]),
  );
  const names: CompilerNames = {
    annotations: new Annotations([...known.keys()].map(nameOnly), known),
    outer: undefined,
    reach: 'group',
    bound: new Map(),
    zone: selected.zone,
  };
  const compiler = new ValuesCompiler(scope, names);
  const values = compileValues(wanted, compiler);
  return { values, sql: sql`SELECT ${selectedSql(values, compiler)} FROM (${inner}) AS ${raw(alias)}` };
}

/** Knows nothing but the names that a query of values selects. */
class ValuesCompiler extends ExpressionCompiler {
  protected override with(names: Partial<CompilerNames>): ExpressionCompiler {
    return new ValuesCompiler(this.scope, { ...this.names, ...names });
  }

  protected override bare(path: string): CompiledExpression {
    const value = this.annotations.value(path);
    if (value) return value;
    parsePath(this.scope.model, path);
    throw new QueryUsageError(`The query does not select "${path}"`, {
      hint: 'Name it in values(), or call aggregate() before values()',
    });
  }
}

function nameOnly(name: string): Annotations['all'][number] {
  return { name, expression: undefined as never, selected: false, grouped: false };
}

function compileValues(wanted: Wanted, compiler: ExpressionCompiler): AggregateStatement['values'] {
  return Object.entries(wanted).map(([name, expression], index) => ({
    name,
    alias: `c${index}`,
    value: compiler.compile(expression),
  }));
}

function selectedSql(values: AggregateStatement['values'], { dialect }: ExpressionCompiler): Sql {
  return join(
    values.map(({ alias, value }) => sql`${dialect.expressions.selected(value)} AS ${raw(alias)}`),
    ', ',
  );
}

function pick(wanted: Wanted, names: readonly string[]): Wanted {
  return Object.fromEntries(names.map((name) => [name, wanted[name]!]));
}
