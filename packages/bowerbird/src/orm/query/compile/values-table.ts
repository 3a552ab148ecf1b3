import { UnknownPathError } from '../../orm.errors.js';
import { type CompiledExpression } from '../expressions/expression.js';
import { refuseEncrypted } from '../model/encrypted-fields.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { tryResolvePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { type Compound, type QueryState } from '../query-state.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { raw, type Sql } from '../sql/sql.js';
import { commonShape, compoundSql } from './compound.js';
import { asTable, derivedSql, MARKER, presence } from './derived-sql.js';
import { DerivedTable } from './derived-table.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { type AliasSource, type ScopedColumn } from './join-scope.js';
import { openScope } from './open-scope.js';
import { SelectList } from './select-list.js';
import { planSelect, selectSql } from './select.js';
import { type SourceTable } from './source-table.js';
import { compilerOf } from './where.js';

/** What gives out the names of a statement. */
interface Names {
  readonly aliases: AliasSource;
  readonly list: () => SelectList;
}

/** A statement that selects values as they are, and not as drivers read them. */
interface SelectedValues {
  readonly model: EntityModel;
  readonly statement: Sql;
  /** Each value by its name, as a column of the statement. */
  readonly values: ReadonlyMap<string, CompiledExpression>;
  readonly marker: Sql;
}

/** The rows of a query as a table of another one. @throws QueryUsageError, FieldError */
export function sourceTable(engine: QueryEngine, state: QueryState, aliases: AliasSource): SourceTable {
  const whole = state.shape.type === 'entity' || state.shape.type === 'pairs';
  return whole && !state.compound ? new DerivedTable(engine, state, aliases) : new ValuesTable(engine, state, aliases);
}

/** The rows of a query of values as a table: it has what the query selects. */
export class ValuesTable implements SourceTable {
  readonly alias: string;
  private readonly selected: SelectedValues;

  constructor(engine: QueryEngine, state: QueryState, aliases: AliasSource) {
    this.alias = aliases.take();
    const query = asTable(state);
    const list = (): SelectList => new SelectList(`${this.alias}c`);
    this.selected = state.compound
      ? selectCompound(engine, query, state.compound, { aliases, list })
      : selectValues(engine, query, { aliases, list });
  }

  get model(): EntityModel {
    return this.selected.model;
  }

  /** Documents have no order. */
  get places(): readonly string[] {
    return [...this.selected.values].filter(([, { kind }]) => kind !== 'json').map(([name]) => name);
  }

  has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  value(path: string): CompiledExpression {
    return this.find(path) ?? this.unknown(path);
  }

  refuse(path: string): void {
    this.unknown(path);
  }

  row(): CompiledExpression {
    return presence(this.at(this.selected.marker));
  }

  column(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    return this.value([...hops, column].map(({ path }) => path).join('.'));
  }

  multiplying(): readonly string[] {
    return [];
  }

  sql(): Sql {
    return derivedSql(this.selected.statement, this.alias);
  }

  /** A value, or what keys lead to in a document among the values. */
  private find(path: string): CompiledExpression | undefined {
    const own = this.selected.values.get(path);
    if (own) return { ...own, sql: this.at(own.sql), constant: false };
    for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      const document = this.selected.values.get(path.slice(0, dot));
      const keys = path.slice(dot + 1);
      if (document?.kind !== 'json' || keys.includes('__')) continue;
      const { json } = this.model.dialect;
      return { sql: json.at(this.at(document.sql), keys.split('.')), kind: 'json', nullable: true };
    }
    return undefined;
  }

  private at(column: Sql): Sql {
    return raw(`${this.alias}.${column.texts[0]!}`);
  }

  private unknown(path: string): never {
    throw new UnknownPathError(`A query of values of ${this.model.name}`, path, this.selected.values.keys());
  }
}

function selectValues(engine: QueryEngine, state: QueryState, names: Names): SelectedValues {
  const scope = openScope(engine, state, { aliases: names.aliases });
  const compiler = compilerOf(scope, state);
  const list = names.list();
  const values = new Map<string, CompiledExpression>();
  for (const name of selectedNames(state)) {
    const value = valueOf(compiler, name);
    const column = list.add(value.sql);
    compiler.selected.set(name, column);
    values.set(name, { ...value, sql: raw(column) });
  }
  const marker = raw(list.add(MARKER));
  return { model: scope.model, values, marker, statement: selectSql(planSelect(scope, state), list, state) };
}

function selectCompound(
  engine: QueryEngine,
  { order, reversed, limit, offset }: QueryState,
  compound: Compound,
  names: Names,
): SelectedValues {
  commonShape(compound);
  const parts = compound.parts.map((part) => selectValues(engine, part.empty ? { ...part, limit: 0 } : part, names));
  const columns = new Map([...parts[0]!.values].map(([name, { sql: column }]) => [name, column.texts[0]!]));
  const plan = {
    operation: compound.operation,
    columns,
    order: order ?? [],
    reversed,
    slice: engine.dialect.slice(limit, offset),
  };
  const statements = parts.map(({ statement }) => statement);
  return { ...parts[0]!, statement: compoundSql(engine.dialect, statements, plan) };
}

/** The names that a query selects. @throws QueryUsageError unless it is one of named values */
export function selectedNames({ shape, annotations, compound }: QueryState): readonly string[] {
  if (compound) return selectedNames(compound.parts[0]!);
  const later = annotations.filter(({ selected }) => selected).map(({ name }) => name);
  const names = shape.type === 'values' && !shape.list ? [...new Set([...shape.paths, ...later])] : [];
  if (names.length > 0) return names;
  throw new QueryUsageError('A table is made of a query of entities, or of one of values()', {
    hint: 'Select what it needs by values()',
  });
}

/** A value as it is; over a relation to many rows it is that of each of them. */
function valueOf(compiler: ExpressionCompiler, path: string): CompiledExpression {
  const { model } = compiler.scope;
  const target = compiler.knows(path) ? undefined : tryResolvePath(model, path);
  if (!target) return compiler.joining(path).path(path);
  refuseEncrypted(target, 'make a table of it');
  const [column, ...more] = target.columns;
  if (more.length > 0) throw new UnfitPathError(model.name, path, 'has a key of several columns', 'Name one of them');
  const origin = target.references?.[0] ?? column!;
  const { references } = target;
  const found = compiler.scope.column(target.hops, column!);
  return { ...found, kind: column!.kind, scale: origin.metadata.scale, column: origin, references };
}
