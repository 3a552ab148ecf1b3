import {
  DeleteQueryBuilder,
  InsertQueryBuilder,
  UpdateQueryBuilder,
  type DataSource,
  type QueryBuilder,
  type QueryRunner,
} from 'typeorm';
import { SoftDeleteQueryBuilder } from 'typeorm/query-builder/SoftDeleteQueryBuilder.js';

import { type AnyClass } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { type RawKey } from '../query/compile/keys.js';
import { SelectList } from '../query/compile/select-list.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { deleteObserved, hearsDeletions } from '../query/run/delete-observed.js';
import { hearsUpdates, updateObserved } from '../query/run/observed.js';
import { raw } from '../query/sql/sql.js';
import { type BulkUpdate } from '../signals/entity-signals.js';
import { postBulkCreate, postSave, preBulkCreate, preSave } from '../signals/signals.js';
import { type Transactions } from '../transactions/transactions.js';
import { whereKeys } from './builder-keys.js';
import { moveVersions } from './upsert-versions.js';
import { type UpsertWrites } from './upsert-writes.js';

/** What a change by builder answers. */
interface ChangeResult {
  raw: unknown;
  affected?: number | null;
  generatedMaps?: object[];
}

/** A builder as this file uses it; some of its members are not in TypeORM's types. */
type Builder = QueryBuilder<object> & {
  queryRunner?: QueryRunner;
  execute(): Promise<ChangeResult>;
  getMainTableName(): string;
  getTableName(path: string): string;
  createWhereExpression(): string;
};

/** What {@link BuilderWrites} needs. */
export interface BuilderWritesParts {
  readonly dataSource: DataSource;
  readonly engine: QueryEngine;
  readonly transactions: Transactions;
  readonly descriptions: Descriptions;
  readonly upserts: UpsertWrites;
}

/** Methods of a builder that make another one. */
const MAKERS = ['update', 'delete', 'softDelete', 'restore', 'insert', 'clone', 'createQueryBuilder'] as const;

/**
 * Lets listeners hear of what repositories and query builders of one data source change without loading it: `update`,
 * `delete`, `softDelete`, `restore`, `increment`, `upsert`. The rows are found by the builder's own condition, read,
 * changed by their keys and read again, in one transaction. Builders with `callListeners(false)`, which TypeORM uses
 * for `save` and `remove`, run as they are.
 */
export class BuilderWrites {
  constructor(private readonly parts: BuilderWritesParts) {}

  /** Watches every builder that the data source makes from now on. */
  install(): void {
    const { dataSource } = this.parts;
    const create = dataSource.createQueryBuilder.bind(dataSource) as unknown as (...args: unknown[]) => Builder;
    Object.assign(dataSource, { createQueryBuilder: (...args: unknown[]) => this.watch(create(...args)) });
  }

  private watch<B extends object>(builder: B): B {
    const own = builder as unknown as Record<string, (...args: unknown[]) => object>;
    const watched: Record<string, unknown> = {};
    for (const name of MAKERS) {
      const make = own[name];
      if (typeof make !== 'function') continue;
      watched[name] = (...args: unknown[]) => {
        const made = make.apply(builder, args);
        return made === builder ? made : this.watch(made);
      };
    }
    if (builder instanceof InsertQueryBuilder) moveVersions(builder as never, this.parts.engine.dialect);
    const changes = builder instanceof UpdateQueryBuilder || builder instanceof SoftDeleteQueryBuilder;
    if (changes || builder instanceof DeleteQueryBuilder || builder instanceof InsertQueryBuilder) {
      const execute = own.execute!.bind(builder) as () => Promise<ChangeResult>;
      watched.execute = () => this.execute(builder as unknown as Builder, execute);
    }
    return Object.assign(builder, watched);
  }

  private async execute(builder: Builder, execute: () => Promise<ChangeResult>): Promise<ChangeResult> {
    const model = this.modelOf(builder);
    if (!model) return execute();
    const { engine, upserts } = this.parts;
    if (builder instanceof InsertQueryBuilder) {
      if (hearsInserts(engine, model)) return this.within(builder, (own) => this.insert(own, model));
      // Positions are given in a transaction that holds the parents.
      if (!model.description.position) return upserts.marked(builder as never, execute);
      return this.within(builder, (own) => upserts.marked(own as never, () => own.execute() as Promise<never>));
    }
    if (builder instanceof DeleteQueryBuilder)
      return hearsDeletions(engine, model)
        ? this.within(builder, (own) => this.change(own, model, deleteObserved))
        : execute();
    return hearsUpdates(engine, model, { changed: Object.keys(bulkUpdateOf(builder).values ?? {}) })
      ? this.within(builder, (own) => this.change(own, model, updateObserved))
      : execute();
  }

  private insert(builder: Builder, model: EntityModel): Promise<ChangeResult> {
    const { engine, upserts } = this.parts;
    moveVersions(builder as never, engine.dialect);
    return upserts.run(builder as never, model, () => builder.execute() as Promise<never>);
  }

  /** The entity that a builder writes, where somebody might listen. */
  private modelOf({ expressionMap }: Builder): EntityModel | undefined {
    const { callListeners, mainAlias } = expressionMap;
    if (!callListeners || !mainAlias?.hasMetadata) return undefined;
    const { target } = mainAlias.metadata;
    const known = typeof target === 'function' && this.parts.descriptions.has(target as AnyClass);
    return known ? this.parts.engine.model(target as never) : undefined;
  }

  private async change(builder: Builder, model: EntityModel, observe: typeof updateObserved): Promise<ChangeResult> {
    const keys = await this.keysOf(builder, model);
    const results: ChangeResult[] = [];
    const change = async (some: readonly RawKey[]): Promise<number> => {
      const part = plainClone(builder);
      whereKeys(part, model, some);
      results.push(await part.execute());
      return results.at(-1)!.affected ?? some.length;
    };
    if (keys.length === 0) await change(keys);
    else await observe(this.parts.engine, model, keys, change, bulkUpdateOf(builder));
    return merged(results);
  }

  /** The keys of the rows that a builder would change, locked. */
  private async keysOf(builder: Builder, model: EntityModel): Promise<readonly RawKey[]> {
    const { dialect, source } = this.parts.engine;
    const reader = plainClone(builder);
    const list = new SelectList();
    const aliases = model.primary.map((column) => list.column(raw(dialect.quote(column.name)), column));
    const select = (): string => {
      const table = reader.getTableName(reader.getMainTableName());
      return `SELECT ${list.sql().texts.join('')} FROM ${table}${reader.createWhereExpression()}`;
    };
    Object.assign(reader, { createUpdateExpression: select, createDeleteExpression: select });
    const [text, parameters] = reader.getQueryAndParameters();
    const lock = dialect.name === 'sqlite' ? '' : ' FOR UPDATE';
    const rows = await source.query<readonly Record<string, unknown>[]>(`${text}${lock}`, parameters);
    return rows.map((row) => aliases.map((alias) => row[alias]));
  }

  /** Runs work in the transaction of the builder's query runner, of the current flow, or in one of its own. */
  private async within(builder: Builder, work: (own: Builder) => Promise<ChangeResult>): Promise<ChangeResult> {
    const { transactions, dataSource } = this.parts;
    const { queryRunner } = builder;
    const run = () => transactions.atomic(() => this.onOwnRunner(builder, dataSource, work));
    if (!queryRunner) return run();
    if (queryRunner.isTransactionActive) return transactions.joining(queryRunner, run);
    await queryRunner.startTransaction();
    try {
      const result = await transactions.joining(queryRunner, run);
      await queryRunner.commitTransaction();
      return result;
    } catch (error) {
      // The first error is what the caller must see.
      await queryRunner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
  }

  /** The builder on a runner of the innermost transaction; that of an outer one would wait for it. */
  private async onOwnRunner(
    builder: Builder,
    dataSource: DataSource,
    work: (own: Builder) => Promise<ChangeResult>,
  ): Promise<ChangeResult> {
    const runner = dataSource.createQueryRunner();
    if (builder.queryRunner) Object.assign(runner.data as object, builder.queryRunner.data);
    try {
      return await work(Object.assign(plainClone(builder), { queryRunner: runner }));
    } finally {
      await runner.release();
    }
  }
}

/** Whether anybody hears of rows that are inserted, or changed where they are there already. */
function hearsInserts({ source: { writes, signals } }: QueryEngine, { description }: EntityModel): boolean {
  return writes.interested(description) || signals.hears(description, preSave, postSave, preBulkCreate, postBulkCreate);
}

/** What an update by builder sets, as it says it. */
function bulkUpdateOf({ expressionMap: { valuesSet } }: Builder): BulkUpdate {
  return { values: valuesSet && !Array.isArray(valuesSet) ? { ...valuesSet } : {} };
}

/** A copy that nobody watches. */
function plainClone(builder: Builder): Builder {
  const { clone } = Object.getPrototypeOf(builder) as Builder;
  return clone.call(builder);
}

function merged(results: readonly ChangeResult[]): ChangeResult {
  const [first, ...others] = results;
  for (const { raw: rows, affected, generatedMaps = [] } of others) {
    if (Array.isArray(first!.raw) && Array.isArray(rows)) first!.raw.push(...(rows as unknown[]));
    if (typeof affected === 'number') first!.affected = (first!.affected ?? 0) + affected;
    first!.generatedMaps?.push(...generatedMaps);
  }
  return first!;
}
