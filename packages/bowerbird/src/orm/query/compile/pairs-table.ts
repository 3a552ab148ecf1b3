import { type CompiledExpression } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { type JoinedSource } from '../query-state.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type TimeZone } from '../zones/time-zone.js';
import { Annotations } from './annotations.js';
import { compileCondition } from './condition.js';
import { derivedSql } from './derived-sql.js';
import { ExpressionCompiler } from './expression-compiler.js';
import { type AliasSource, type ScopedColumn } from './join-scope.js';
import { isAlways } from './predicate.js';
import { SelectList } from './select-list.js';
import { type GivenNames, type SourceTable } from './source-table.js';
import { TableScope } from './table-scope.js';
import { isSingle, nameBehind } from './unique-names.js';

/** What a value of a pair is, in the table that has it. */
interface PairColumn {
  readonly side: 'left' | 'right';
  readonly value: Sql;
}

/**
 * The rows of two tables, put together by a right or a full join. No database has full joins on every condition, and
 * MySQL has none: this one is a left join and the rows of the other table that none fits, on all of them.
 */
export class PairsTable implements SourceTable {
  readonly alias: string;
  private readonly columns = new Map<string, PairColumn>();
  private readonly names: SideNames;
  private readonly condition: Sql;

  constructor(
    private readonly left: SourceTable,
    private readonly right: SourceTable,
    private readonly joined: JoinedSource,
    aliases: AliasSource,
    zone: TimeZone,
  ) {
    this.alias = aliases.take();
    this.names = new SideNames(left, right, joined.name);
    this.condition = conditionOf(this.names, joined, aliases, zone);
  }

  get model(): EntityModel {
    return this.left.model;
  }

  get places(): readonly string[] {
    return [...this.left.places, ...this.right.places.map((place) => `${this.joined.name}.${place}`)];
  }

  has(path: string): boolean {
    return this.names.has(path);
  }

  value(path: string): CompiledExpression {
    const value = this.names.value(path);
    const side = this.names.isRight(path) ? 'right' : 'left';
    const nullable = value.nullable || side === 'left' || this.joined.kind === 'full';
    return { ...value, nullable, sql: this.selected(` ${path}`, { side, value: value.sql }) };
  }

  refuse(path: string): void {
    this.names.refuse(path);
  }

  row(): CompiledExpression {
    return { ...this.left.row(), nullable: true };
  }

  column(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    const found = this.left.column(hops, column);
    const name = [...hops, column].map(({ path }) => path).join('.');
    return { sql: this.selected(`${name} ${column.name}`, { side: 'left', value: found.sql }), nullable: true };
  }

  multiplying(groupBy: readonly string[]): readonly string[] {
    const before = this.left.multiplying(groupBy);
    return isSingle(this.joined, groupBy) ? before : [...before, this.joined.name];
  }

  sql(): Sql {
    const { left, right, condition } = this;
    const [lefts, rights] = [left.sql(), right.sql()];
    if (this.joined.kind === 'right')
      return derivedSql(sql`SELECT ${this.list('both')} FROM ${rights} LEFT JOIN ${lefts} ON ${condition}`, this.alias);
    const matched = sql`SELECT ${this.list('both')} FROM ${lefts} LEFT JOIN ${rights} ON ${condition}`;
    const others = sql`SELECT 1 FROM ${lefts} WHERE ${condition}`;
    const alone = sql`SELECT ${this.list('right')} FROM ${rights} WHERE NOT EXISTS (${others})`;
    return derivedSql(sql`${matched} UNION ALL ${alone}`, this.alias);
  }

  private list(sides: 'both' | 'right'): Sql {
    const list = new SelectList(`${this.alias}c`);
    for (const { side, value } of this.columns.values())
      list.add(side === 'left' && sides === 'right' ? raw('NULL') : value);
    return list.sql();
  }

  private selected(name: string, column: PairColumn): Sql {
    if (!this.columns.has(name)) this.columns.set(name, column);
    return raw(`${this.alias}.${this.alias}c${[...this.columns.keys()].indexOf(name)}`);
  }
}

/** The names of both tables: those of the one joined begin with its name. */
class SideNames implements GivenNames {
  readonly places = [];

  constructor(
    readonly left: SourceTable,
    private readonly right: SourceTable,
    private readonly name: string,
  ) {}

  isRight(path: string): boolean {
    return nameBehind(path, this.name) !== undefined;
  }

  has(path: string): boolean {
    const rest = nameBehind(path, this.name);
    return rest === undefined ? this.left.has(path) : rest === '' || this.right.has(rest);
  }

  value(path: string): CompiledExpression {
    const rest = nameBehind(path, this.name);
    if (rest === undefined) return this.left.value(path);
    return rest === '' ? this.right.row() : this.right.value(rest);
  }

  refuse(path: string): void {
    const rest = nameBehind(path, this.name);
    if (rest === undefined) this.left.refuse(path);
    else this.right.value(rest);
  }

  multiplying(): readonly string[] {
    return [];
  }
}

function conditionOf(names: SideNames, { on }: JoinedSource, aliases: AliasSource, zone: TimeZone): Sql {
  const scope = new TableScope(names.left, aliases);
  const compiler = new ExpressionCompiler(scope, {
    annotations: Annotations.none,
    outer: undefined,
    reach: 'related',
    bound: new Map(),
    given: names,
    zone,
  });
  const predicate = compileCondition(compiler, on);
  return isAlways(predicate) ? raw('1 = 1') : predicate.sql;
}
