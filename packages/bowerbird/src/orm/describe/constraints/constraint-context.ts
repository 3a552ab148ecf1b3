import { AliasSource } from '../../query/compile/join-scope.js';
import { transformedValue } from '../../query/compile/transformed-value.js';
import {
  type CompiledExpression,
  type Expression,
  type ExpressionContext,
} from '../../query/expressions/expression.js';
import { type Where } from '../../query/q.js';
import { QueryUsageError } from '../../query/query.errors.js';
import { MysqlDialect } from '../../query/sql/mysql-dialect.js';
import { PostgresDialect } from '../../query/sql/postgres-dialect.js';
import { type SqlDialect } from '../../query/sql/sql-dialect.js';
import { raw, sql, type Sql } from '../../query/sql/sql.js';
import { SqliteDialect } from '../../query/sql/sqlite-dialect.js';
import { type Dialect } from '../entity-description.js';
import { type ConstraintColumns } from './constraint-columns.js';
import { compileRule } from './constraint-rule.js';

/** Columns of tables that migrations make tell case, accents and trailing spaces apart by themselves. */
class TableMysqlDialect extends MysqlDialect {
  override equalsAny(text: Sql, values: readonly unknown[]): Sql {
    return this.equalsList(text, values);
  }
}

const DIALECTS: Readonly<Record<Dialect, new () => SqlDialect>> = {
  sqlite: SqliteDialect,
  postgres: PostgresDialect,
  mysql: TableMysqlDialect,
};

/** The names that a constraint may use: the columns of one row, without a table before them. */
export class ConstraintContext implements ExpressionContext {
  readonly dialect: SqlDialect;
  readonly aliases = new AliasSource();
  readonly reach = 'related';

  constructor(
    dialect: Dialect,
    readonly columns: ConstraintColumns,
  ) {
    this.dialect = new DIALECTS[dialect]();
  }

  within(): ExpressionContext {
    return this;
  }

  asOuter(): ExpressionContext {
    return this;
  }

  path(path: string): CompiledExpression {
    const [start, transforms] = this.columns.split(path);
    const { name, kind, nullable, scale } = this.columns.one(start);
    const column = { sql: raw(`"${name.replaceAll('"', '""')}"`), kind, nullable, scale };
    return transformedValue(column, { path: start, transforms }, this);
  }

  compile(expression: Expression): CompiledExpression {
    return expression.compile(this);
  }

  truth(where: Where): Sql {
    const { sql: condition, certain } = compileRule(where, this);
    return certain ? sql`(${condition})` : sql`((${condition}) IS TRUE)`;
  }

  outer(path: string): CompiledExpression {
    throw new QueryUsageError(`A constraint has no query around it for OuterRef('${path}')`);
  }

  aggregate(): CompiledExpression {
    throw new QueryUsageError('A constraint speaks of one row and takes no aggregates');
  }
}
