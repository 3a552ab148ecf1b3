import { fixDecimal } from '../../describe/decimal.js';
import { type FieldKind } from '../../describe/entity-description.js';
import { readerOf } from '../../hydrate/computed-values.js';
import { resolveAssignments, type Assignment } from '../compile/change.js';
import { AliasSource, JoinScope, type ScopedColumn } from '../compile/join-scope.js';
import { openScope } from '../compile/open-scope.js';
import { SelectList } from '../compile/select-list.js';
import { compileWhere, lockSql, whereSql } from '../compile/select.js';
import { Expression, ValueExpression } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { type QueryEngine } from '../query-engine.js';
import { WAITING_LOCK, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { NOTHING, sql, type Sql } from '../sql/sql.js';

/** Values of properties, among them expressions. */
type Values = Readonly<Record<string, unknown>>;

/** Whether any of some values is an expression. */
function hasExpressions(values: Values): boolean {
  return Object.values(values).some((value) => value instanceof Expression);
}

/**
 * The values for a new row, with what the database makes of those that are expressions. There is no row yet from which
 * they could take anything. @throws FieldError, QueryUsageError
 */
export async function workedForNew(engine: QueryEngine, state: QueryState, values: Values): Promise<Values> {
  const given = withBareValues(values);
  if (!hasExpressions(given)) return given;
  const scope = new NoRow(engine.model(state.entity));
  const worked = await work(engine, scope, state, given, NOTHING);
  return { ...given, ...worked! };
}

/** A value that stands for itself takes the kind of its column, as it does without Value() around it. */
function withBareValues(values: Values): Values {
  const isBare = (value: unknown): value is ValueExpression => value instanceof ValueExpression && !value.kind;
  if (!Object.values(values).some(isBare)) return values;
  return Object.fromEntries(Object.entries(values).map(([path, value]) => [path, isBare(value) ? value.value : value]));
}

/**
 * The same for the one row of a query, which stays as it is until the transaction ends; undefined where there is none.
 * @throws FieldError, QueryUsageError
 */
export async function workedForRow(
  engine: QueryEngine,
  state: QueryState,
  values: Values,
): Promise<Values | undefined> {
  const scope = openScope(engine, state);
  const where = compileWhere(scope, state);
  const rows = sql` FROM ${scope.from()}${whereSql(where)}${lockSql(scope, WAITING_LOCK)}`;
  const worked = await work(engine, scope, state, values, rows);
  return worked && { ...values, ...worked };
}

/** What the expressions among some values come to, in the form of the properties. */
async function work(
  engine: QueryEngine,
  scope: JoinScope,
  state: QueryState,
  values: Values,
  from: Sql,
): Promise<Values | undefined> {
  const list = new SelectList();
  const wanted = Object.entries(values).filter(([, value]) => value instanceof Expression);
  const worked = wanted.map(([path, value]) => {
    const { column, value: expression } = assignmentOf(scope, state, path, value);
    return { path, column, alias: list.add(scope.model.dialect.selected(expression, column.kind)) };
  });
  const [row] = await engine.source.onPrimary(() => engine.rows(sql`SELECT ${list.sql()}${from}`));
  return row && Object.fromEntries(worked.map(({ path, column, alias }) => [path, propertyOf(column, row[alias])]));
}

/** One by one, because nothing is set here that the next one could see. */
function assignmentOf(scope: JoinScope, state: QueryState, path: string, value: unknown): Assignment {
  const [assignment] = resolveAssignments(scope, state, { [path]: value });
  return assignment!;
}

/** Columns of whole numbers round what has a fraction, half away from zero. */
const ROUNDED: Partial<Readonly<Record<FieldKind, (value: string) => unknown>>> = {
  integer: (value) => Number(fixDecimal(value, 0)),
  bigint: (value) => fixDecimal(value, 0),
};

function propertyOf(column: ColumnModel, value: unknown): unknown {
  const { kind, metadata } = column;
  const read = readerOf({ sql: NOTHING, kind, nullable: true, scale: metadata.scale, column })(value);
  return read === null || metadata.transformer ? read : (ROUNDED[kind]?.(`${read as string | number}`) ?? read);
}

/** Stands for the rows of a statement that has none. */
class NoRow extends JoinScope {
  constructor(model: EntityModel) {
    super(model, new AliasSource());
  }

  override column(hops: readonly RelationModel[], { path }: ColumnModel): ScopedColumn {
    return this.refuse([...hops.map((hop) => hop.path), path].join('.'));
  }

  override joinedColumn(hops: readonly RelationModel[], { path }: ColumnModel): Sql {
    return this.refuse([...hops.map((hop) => hop.path), path].join('.'));
  }

  private refuse(path: string): never {
    throw new QueryUsageError(`A new row of ${this.model.name} has no "${path}" yet that its values could be made of`, {
      hint: 'Give the value itself; updateOrCreate() takes what only a new row gets as its third argument',
    });
  }
}
