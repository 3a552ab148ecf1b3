import { type EmbeddedMetadata } from 'typeorm/metadata/EmbeddedMetadata.js';

import { type Class } from '#core';

import { valueAt } from '../../describe/entity-text.js';
import { resolveAssignments, updateSql } from '../compile/change.js';
import { openScope } from '../compile/open-scope.js';
import { compileWhere } from '../compile/select.js';
import { Expression } from '../expressions/expression.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { unscopedState, type QueryState } from '../query-state.js';
import { ownColumns } from './conflicts.js';
import { withRelatedRows } from './new-rows.js';
import { workedForNew, workedForRow } from './worked-values.js';

type Fields = Record<string, unknown>;

/** A row to save, and the expressions that it holds by path. */
interface AskedRow {
  readonly row: object;
  readonly model: EntityModel;
  readonly expressions: Readonly<Fields>;
}

/**
 * Saves rows whose properties may hold expressions: the database works them out first, of the row as it is, which
 * nobody else changes in between. Afterwards the rows have the values; where saving fails, the expressions again.
 * @throws FieldError, QueryUsageError
 */
export async function saveWorked<R>(engine: QueryEngine, rows: readonly object[], save: () => Promise<R>): Promise<R> {
  const asked = rows.flatMap((row) => askedRow(engine, row) ?? []);
  if (asked.length === 0) return save();
  const nested = engine.source.inTransaction;
  try {
    return await engine.source.atomic(async () => {
      const known = [];
      for (const one of asked) if (await workOut(engine, one)) known.push(one);
      const result = await save();
      if (nested && engine.dialect.name === 'mysql') for (const one of known) await insist(engine, one);
      return result;
    });
  } catch (error) {
    for (const { row, expressions } of asked) assign(row, expressions);
    throw error;
  }
}

function askedRow(engine: QueryEngine, row: object): AskedRow | undefined {
  const { dataSource } = engine.source;
  if (!dataSource.hasMetadata(row.constructor)) return undefined;
  const expressions = expressionsIn(row as Fields, dataSource.getMetadata(row.constructor).embeddeds);
  if (Object.keys(expressions).length === 0) return undefined;
  return { row, expressions, model: engine.model(row.constructor as Class) };
}

/** The expressions among the properties of a row and of what it embeds. */
function expressionsIn(row: Fields, embeddeds: readonly EmbeddedMetadata[], path = ''): Fields {
  const found: Fields = {};
  for (const [name, value] of Object.entries(row)) if (value instanceof Expression) found[`${path}${name}`] = value;
  for (const { propertyName, embeddeds: inner } of embeddeds) {
    const held = row[propertyName];
    if (typeof held === 'object' && held)
      Object.assign(found, expressionsIn(held as Fields, inner, `${path}${propertyName}.`));
  }
  return found;
}

/** Puts the values in their place; tells whether the row is there already. */
async function workOut(engine: QueryEngine, { row, model, expressions }: AskedRow): Promise<boolean> {
  const hasKey = model.primary.every(({ metadata }) => (metadata.getEntityValue(row) ?? undefined) !== undefined);
  const known = hasKey ? await workedForRow(engine, stateOf(model, row), expressions) : undefined;
  assign(row, known ?? (await workedForNew(engine, stateOf(model), expressions)));
  withRelatedRows(model, row);
  return known !== undefined;
}

/**
 * TypeORM leaves out what equals the row as it knows it, and MySQL shows it the row as it was when the transaction
 * began, which may be another one by now.
 */
async function insist(engine: QueryEngine, { row, model, expressions }: AskedRow): Promise<void> {
  const state = stateOf(model, row);
  const scope = openScope(engine, state);
  const paths = Object.keys(expressions);
  const own = new Set(paths.flatMap((path) => ownColumns(model, path)));
  const values = Object.fromEntries(paths.map((path) => [path, valueAt(row, path)]));
  const assignments = resolveAssignments(scope, state, values).filter(({ column }) => own.has(column));
  await engine.change(updateSql(scope, assignments, compileWhere(scope, state)));
}

/** The row itself, or without one all rows, whatever default scopes hide. */
function stateOf({ description }: EntityModel, row?: object): QueryState {
  const where = row ? [{ op: 'lookups', lookups: { pk: row } } as const] : [];
  return { ...unscopedState(description.target), where };
}

function assign(row: object, values: Readonly<Fields>): void {
  for (const [path, value] of Object.entries(values)) {
    const steps = path.split('.');
    const holder = steps.length > 1 ? valueAt(row, steps.slice(0, -1).join('.')) : row;
    (holder as Fields)[steps.at(-1)!] = value;
  }
}
