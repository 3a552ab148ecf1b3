import { type CompiledExpression } from '../expressions/expression.js';
import { type Where } from '../q.js';
import { type JoinedSource, type QueryState } from '../query-state.js';
import { UnfitPathError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { compileCondition } from './condition.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { type DerivedJoin, type JoinScope } from './join-scope.js';
import { isAlways } from './predicate.js';
import { type GivenNames, type SourceTable } from './source-table.js';
import { tableOf } from './table-of.js';
import { isSingle, nameBehind } from './unique-names.js';

/** What compiles the condition of a join, given the names that it may use. */
type ConditionCompiler = (names: GivenNames) => ExpressionCompiler;

/** A joined query in a statement. */
interface JoinedTable {
  readonly joined: JoinedSource;
  /** Absent where a row of the statement may meet several of its rows and has to stay one row. */
  readonly table: SourceTable | undefined;
}

/** Whether the rows of a query stay one each although joins may find several rows for them: those of entities do. */
export function keepsRows({ joins, shape }: QueryState): boolean {
  return shape.type === 'entity' && joins.some((joined) => !isSingle(joined, []));
}

/** The queries that a statement joins to the rows of its own, by name. */
export class JoinedTables implements GivenNames {
  private constructor(
    private readonly scope: JoinScope,
    private readonly tables: readonly JoinedTable[],
    private readonly needed: Set<SourceTable>,
  ) {}

  /** Joins what a query joins, the rows of a left join only when something is asked of them. */
  static of(scope: JoinScope, { joins, shape }: QueryState, compiler: ConditionCompiler): JoinedTables {
    const tables = joins.map((joined): JoinedTable => {
      const apart = shape.type === 'entity' && !isSingle(joined, []);
      return { joined, table: apart ? undefined : tableOf(joined.source, scope.model.dialect, scope.aliases) };
    });
    const needed = new Set<SourceTable>();
    const all = new JoinedTables(scope, tables, needed);
    for (const [index, { joined, table }] of tables.entries()) {
      if (!table) continue;
      if (joined.kind === 'inner' || !isSingle(joined, [])) needed.add(table);
      const names = new JoinedTables(scope, tables.slice(0, index + 1), needed);
      scope.joinDerived(clauseOf(joined, table, needed, () => compiler(names)));
    }
    return all;
  }

  /** The paths that tell the rows apart which one row of the entity meets. */
  get places(): readonly string[] {
    return this.tables.flatMap(({ joined, table }) => {
      if (!table || isSingle(joined, [])) return [];
      return table.places.map((place) => `${joined.name}.${place}`);
    });
  }

  has(path: string): boolean {
    const found = this.find(path);
    if (!found) return this.scope.given?.has(path) ?? false;
    return found.rest === '' || !found.table || found.table.has(found.rest);
  }

  value(path: string): CompiledExpression {
    const found = this.find(path);
    if (!found) return this.scope.given!.value(path);
    const { table, rest, joined } = found;
    if (!table) throw this.several(path);
    this.needed.add(table);
    const value = rest === '' ? table.row() : table.value(rest);
    return { ...value, nullable: value.nullable || joined.kind === 'left' };
  }

  refuse(path: string): void {
    const found = this.find(path);
    if (!found) this.scope.given?.refuse(path);
    else if (!found.table) throw this.several(path);
    else found.table.value(found.rest);
  }

  multiplying(groupBy: readonly string[]): readonly string[] {
    const before = this.scope.given?.multiplying(groupBy) ?? [];
    return [
      ...before,
      ...this.tables.filter(({ joined }) => !isSingle(joined, groupBy)).map(({ joined }) => joined.name),
    ];
  }

  private find(path: string): (JoinedTable & { readonly rest: string }) | undefined {
    for (const each of this.tables) {
      const rest = nameBehind(path, each.joined.name);
      if (rest !== undefined) return { ...each, rest };
    }
    return undefined;
  }

  private several(path: string): UnfitPathError {
    return new UnfitPathError(
      this.scope.model.name,
      path,
      'may have several values for one row',
      'Conditions may use it; select it by values(), or join on a key of the other query',
    );
  }
}

function clauseOf(
  joined: JoinedSource,
  table: SourceTable,
  needed: ReadonlySet<SourceTable>,
  compiler: () => ExpressionCompiler,
): DerivedJoin {
  const kind = raw(joined.kind === 'inner' ? ' INNER JOIN ' : ' LEFT JOIN ');
  return {
    get needed() {
      return needed.has(table);
    },
    sql() {
      const condition = conditionSql(compiler(), joined.on);
      return sql`${kind}${table.sql()} ON ${condition}`;
    },
  };
}

function conditionSql(compiler: ExpressionCompiler, on: Where): Sql {
  const predicate = compileCondition(compiler.within('related').over(new Map()), on);
  return isAlways(predicate) ? raw('1 = 1') : predicate.sql;
}
