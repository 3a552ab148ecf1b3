import { type EntityMetadata } from 'typeorm';

import { type Class } from '#core';

import { ObservedCascades } from '../cascade/observed-cascades.js';
import { type Dialect, type EntityDescription } from '../describe/entity-description.js';
import { addSqliteFunctions, type SqliteConnection } from '../drivers/sqlite-functions.js';
import { EntitySelections } from '../hydrate/entity-selection.js';
import { compileEntities, type Hydrator } from '../hydrate/hydrate.js';
import { ConstraintRules } from '../model/constraints/constraint-rules.js';
import { RelationLoader } from '../relations/relation-loader.js';
import { type JoinScope } from './compile/join-scope.js';
import { type SelectList } from './compile/select-list.js';
import { EntityModel } from './model/entity-model.js';
import { type QuerySource } from './query-source.js';
import { type QueryState } from './query-state.js';
import { QueryUsageError } from './query.errors.js';
import { KnownQueries } from './run/known-queries.js';
import { SingleInserts } from './run/single-inserts.js';
import { MysqlDialect } from './sql/mysql-dialect.js';
import { PostgresDialect } from './sql/postgres-dialect.js';
import { type SqlDialect } from './sql/sql-dialect.js';
import { type Sql, type Statement } from './sql/sql.js';
import { SqliteDialect } from './sql/sqlite-dialect.js';

const DIALECTS: Readonly<Record<Dialect, new (zone?: string) => SqlDialect>> = {
  sqlite: SqliteDialect,
  postgres: PostgresDialect,
  mysql: MysqlDialect,
};

/** Most parameters that every one of the databases takes in a statement (SQLite's limit). */
const MOST_PARAMETERS = 32_766;

/** A row as the driver gives it. */
export type RawRow = Record<string, unknown>;

/** Compiles and runs the queries of one database. Keeps the models of its entities. */
export class QueryEngine {
  readonly dialect: SqlDialect;
  readonly selections = new EntitySelections(() => this.source.lazyLoading === 'strict');
  readonly loader = new RelationLoader(this);
  readonly knownQueries = new KnownQueries();
  readonly cascades = new ObservedCascades(this);
  readonly inserts = new SingleInserts(this);
  readonly rules: ConstraintRules;
  private readonly split = new Map<QueryEngine, QueryEngine>();
  private readonly models = new Map<EntityDescription, EntityModel>();
  private prepared: SqliteConnection | undefined;

  constructor(readonly source: QuerySource) {
    this.dialect = new DIALECTS[source.dialect](source.config.timeZone);
    this.rules = new ConstraintRules(source.dialect);
  }

  /** What queries know of an entity. @throws UnknownEntityError */
  model(entity: Class): EntityModel {
    const description = this.source.describe(entity);
    return this.modelOf(this.source.dataSource.getMetadata(entity), description);
  }

  /** The statement of a piece of SQL. @throws QueryUsageError when it has more values than databases take */
  render(sql: Sql): Statement {
    const statement = sql.render((index) => this.dialect.placeholder(index));
    if (statement.parameters.length <= MOST_PARAMETERS) return statement;
    throw new QueryUsageError(
      `A statement has ${statement.parameters.length} values; databases take ${MOST_PARAMETERS}`,
      {
        hint: 'Split the lists of its lookups, or use a query as the value of `in`',
      },
    );
  }

  /** What runs changes. */
  get writer(): QueryEngine {
    return this;
  }

  /** This engine for reads together with another one for changes; always the same for the same one. */
  writingTo(writer: QueryEngine): QueryEngine {
    if (writer === this) return this;
    const known = this.split.get(writer);
    const split = known ?? (Object.create(this, { writer: { value: writer } }) as QueryEngine);
    this.split.set(writer, split);
    return split;
  }

  /** What makes the entities of a query; for levels of prefetching, which are made by it as well. */
  compileEntities(scope: JoinScope, list: SelectList, state: QueryState): Hydrator {
    return compileEntities(this, scope, list, state);
  }

  rows<R = RawRow>(sql: Sql): Promise<readonly R[]> {
    const statement = this.statement(sql);
    return this.source.read<readonly R[]>(statement.sql, statement.parameters);
  }

  /** As {@link render}, for a statement that is about to be sent. */
  statement(sql: Sql): Statement {
    this.prepare();
    return this.render(sql);
  }

  /** Runs a statement that changes rows and returns how many it changed. */
  async change(sql: Sql): Promise<number> {
    const statement = this.statement(sql);
    return this.source.mapped(async () => {
      const runner = this.source.dataSource.createQueryRunner();
      try {
        const result = await runner.query(statement.sql, [...statement.parameters], true);
        return result.affected ?? 0;
      } finally {
        await runner.release();
      }
    });
  }

  /** One model for each description: several of them may speak of one table, in the words of proxies. */
  private modelOf(
    metadata: EntityMetadata,
    description: EntityDescription = this.source.describe(metadata.target as Class),
  ): EntityModel {
    const known = this.models.get(description);
    if (known) return known;
    const made = new EntityModel(metadata, description, this.dialect, (target) => this.modelOf(target));
    this.models.set(description, made);
    return made;
  }

  /** Adds to SQLite what it lacks, once for each connection. */
  private prepare(): void {
    if (this.dialect.name !== 'sqlite') return;
    const { databaseConnection } = this.source.dataSource.driver as unknown as { databaseConnection: SqliteConnection };
    if (this.prepared === databaseConnection) return;
    addSqliteFunctions(databaseConnection, this.dialect.zones);
    this.prepared = databaseConnection;
  }
}
