import { type InsertQueryBuilder, type InsertResult } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type EntityModel } from '../query/model/entity-model.js';
import { type Where } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState } from '../query/query-state.js';
import { isSame } from '../query/run/observed.js';
import { loadWritten, type WrittenRow } from '../query/run/written.js';
import { type CreationOutcome } from '../signals/entity-signals.js';
import { type WriteEvent } from './write-listener.js';

/** Rows that are looked for by one statement. */
const BATCH = 100;

/** Hears what an insert with `orUpdate` or `orIgnore` did: TypeORM calls each of its rows an insert. */
export class UpsertWrites {
  private readonly underWay = new WeakSet<object>();

  constructor(private readonly engine: QueryEngine) {}

  /** Whether the row is being stored by an insert that expects it to be there already. */
  knows(row: object): boolean {
    return this.underWay.has(row);
  }

  /** Runs an insert that nobody hears of, so that rows of an upsert are not taken for new ones. */
  async marked<R>({ expressionMap }: InsertQueryBuilder<object>, insert: () => Promise<R>): Promise<R> {
    const { onUpdate, onIgnore, valuesSet = [] } = expressionMap;
    return onUpdate || onIgnore ? this.marking([valuesSet].flat(), insert) : insert();
  }

  /** Runs an insert in a transaction that is open, and tells of rows that it added and changed. */
  async run(
    { expressionMap }: InsertQueryBuilder<object>,
    model: EntityModel,
    insert: () => Promise<InsertResult>,
  ): Promise<InsertResult> {
    const { onUpdate, onIgnore, valuesSet = [] } = expressionMap;
    if (!onUpdate && !onIgnore) return insert();
    const rows = [valuesSet].flat();
    let result: InsertResult | undefined;
    await this.engine.source.signals.aroundCreation(model.description, rows, () =>
      this.observe(model, rows, async () => (result = await insert())),
    );
    return result!;
  }

  private async observe(model: EntityModel, rows: readonly object[], insert: () => Promise<unknown>) {
    const given = rows.map((row) => ({ row, where: conditionsOf(model, row) }));
    const found = given.filter(({ where }) => where.length > 0);
    const wheres = found.flatMap(({ where }) => where);
    // On MySQL a lock on rows that are not there yet makes two upserts wait for each other.
    const before = await this.load(model, wheres, this.engine.dialect.name !== 'mysql');
    await this.marking(
      found.map(({ row }) => row),
      insert,
    );
    return this.tell(model, before, await this.load(model, wheres, true));
  }

  private async marking<R>(rows: readonly object[], insert: () => Promise<R>): Promise<R> {
    for (const row of rows) this.underWay.add(row);
    try {
      return await insert();
    } finally {
      for (const row of rows) this.underWay.delete(row);
    }
  }

  private async tell(model: EntityModel, before: Rows, after: Rows): Promise<CreationOutcome> {
    const { description } = model;
    const events = [...after.values()].flatMap((now): WriteEvent[] => {
      const { name, entityKey: key, text, values } = now;
      const old = before.get(name);
      if (old && isSame(old, now)) return [];
      if (!old) return [{ kind: 'insert', description, key, text, after: values }];
      return [{ kind: 'update', description, key, text, before: old.values, after: values }];
    });
    await this.engine.source.writes.notifyAll(events);
    const keysOf = (kind: WriteEvent['kind']) => events.filter((event) => event.kind === kind).map(({ key }) => key);
    return { created: keysOf('insert'), updated: keysOf('update') };
  }

  private async load(model: EntityModel, wheres: readonly Where[], lock: boolean): Promise<Rows> {
    const rows = new Map<string, WrittenRow>();
    for (let start = 0; start < wheres.length; start += BATCH) {
      const where: Where = { op: 'or', parts: wheres.slice(start, start + BATCH) };
      const state = { ...unscopedState(model.description.target), where: [where] };
      for (const row of await loadWritten(this.engine, state, { lock })) rows.set(row.name, row);
    }
    return rows;
  }
}

type Rows = ReadonlyMap<string, WrittenRow>;

/** The conditions under which a row is in the way: for each unique set of which the values are given. */
function conditionsOf({ metadata }: EntityModel, row: object): readonly Where[] {
  const sets = [
    metadata.primaryColumns,
    ...metadata.uniques.map(({ columns }) => columns),
    ...metadata.indices.filter(({ isUnique }) => isUnique).map(({ columns }) => columns),
  ];
  return sets.flatMap((columns): Where[] => {
    const values = columns.map((column) => [pathOf(column), column.getEntityValue(row) as unknown] as const);
    const complete = values.length > 0 && values.every(([, value]) => isPlain(value));
    return complete ? [{ op: 'lookups', lookups: Object.fromEntries(values) }] : [];
  });
}

function pathOf({ isVirtual, relationMetadata, propertyPath }: ColumnMetadata): string {
  return isVirtual && relationMetadata ? relationMetadata.propertyPath : propertyPath;
}

/** Not SQL in a function, and not NULL, which is never in the way. */
function isPlain(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'function';
}
