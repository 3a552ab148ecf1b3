import { type CompiledExpression } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { tryParsePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { raw, type Sql } from '../sql/sql.js';
import { asTable, derivedSql, MARKER, presence } from './derived-sql.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { type AliasSource, type JoinScope, type ScopedColumn } from './join-scope.js';
import { openScope } from './open-scope.js';
import { SelectList } from './select-list.js';
import { planSelect, selectSql, type SelectPlan } from './select.js';
import { type SourceTable } from './source-table.js';
import { compilerOf } from './where.js';

/** The rows of a query of entities as a table: whatever their paths lead to can be asked for. */
export class DerivedTable implements SourceTable {
  readonly alias: string;
  private readonly scope: JoinScope;
  private readonly compiler: ExpressionCompiler;
  private readonly state: QueryState;
  private readonly list: SelectList;
  private readonly known = new Map<string, string>();
  private plan: SelectPlan | undefined;

  constructor(engine: QueryEngine, state: QueryState, aliases: AliasSource) {
    this.state = asTable(state);
    this.alias = aliases.take();
    this.list = new SelectList(`${this.alias}c`);
    this.scope = openScope(engine, this.state, { aliases });
    this.compiler = compilerOf(this.scope, this.state);
  }

  get model(): EntityModel {
    return this.scope.model;
  }

  get places(): readonly string[] {
    return this.compiler.places;
  }

  has(path: string): boolean {
    if (this.compiler.knows(path)) return true;
    const parsed = tryParsePath(this.model, path);
    return parsed?.rest.length === 0 && !parsed.target.hops.some(({ many }) => many);
  }

  refuse(path: string): void {
    this.compiler.refuse(path);
  }

  value(path: string): CompiledExpression {
    const value = this.compiler.path(path);
    return { ...value, sql: this.selected(` ${path}`, value.sql), constant: false };
  }

  row(): CompiledExpression {
    const { primary } = this.model;
    return primary.length === 1 && this.has('pk') ? this.value('pk') : presence(this.selected('', MARKER));
  }

  column(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    const found = this.scope.column(hops, column);
    const name = [...hops, column].map(({ path }) => path).join('.');
    return { ...found, sql: this.selected(`${name} ${column.name}`, found.sql) };
  }

  multiplying(groupBy: readonly string[]): readonly string[] {
    return this.compiler.multiplying(groupBy);
  }

  sql(): Sql {
    this.plan ??= planSelect(this.scope, this.state);
    return derivedSql(selectSql(this.plan, this.list, this.state), this.alias);
  }

  private selected(name: string, value: Sql): Sql {
    const column = this.known.get(name) ?? this.list.add(value);
    this.known.set(name, column);
    return raw(`${this.alias}.${column}`);
  }
}
