import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { isPromiseLike, type AnyClass, type Class } from '#core';

import { giveUuids } from '../../model/primary-uuid.decorator.js';
import { FieldError } from '../../orm.errors.js';
import { postSave, preSave } from '../../signals/signals.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine, type RawRow } from '../query-engine.js';
import { type QuerySet } from '../query-set.js';
import { type Sql } from '../sql/sql.js';
import { type CompiledQuery } from './fetch.js';
import { insertColumns, UNSET, type InsertColumn } from './insert-columns.js';
import { type NewRow } from './insert-plan.js';
import { InsertRunner, type InsertShape } from './insert-runner.js';
import { RowFiller } from './row-filler.js';
import { putReference, type UnreadReference } from './unread-reference.js';

/** Most statements that are kept for one entity: which columns are filled, clients of an API may choose. */
const MOST_SHAPES = 200;

/**
 * Finds what stores a new row by one statement, where TypeORM's `save` would come to nothing else: no other rows go with
 * it, and nobody listens. TypeORM takes a transaction and some objects for each row.
 */
export class SingleInserts {
  private readonly known = new Map<EntityModel, SingleInsert | null>();

  constructor(private readonly engine: QueryEngine) {}

  /** What inserts a row that has no key yet; undefined where there is more to do. */
  ofNew(row: object): SingleInsert | undefined {
    const single = this.of(row);
    return single?.isNew(row) ? single : undefined;
  }

  /** What inserts a row, with its key where it has one; undefined where there is more to do. */
  of(row: object): SingleInsert | undefined {
    const { dataSource, config, inTransaction } = this.engine.source;
    // Beside the framework's own, subscribers are those of the application, and an adopted data source may have any.
    if (config.adopted || dataSource.subscribers.length > 1) return undefined;
    if (!dataSource.hasMetadata(row.constructor)) return undefined;
    // Where replicas read, statements go by query runners, and only the beginning of a transaction finds dead connections.
    if (!inTransaction && config.replicas && config.replicas.length > 0) return undefined;
    const model = this.engine.model(row.constructor as Class);
    const known = this.known.get(model);
    const single = known === undefined ? this.make(model) : known;
    return single?.isAlone(row) && !this.isHeard(model) ? single : undefined;
  }

  private make(model: EntityModel): SingleInsert | null {
    const made = isPlain(model) ? new SingleInsert(this.engine, model) : undefined;
    const single = made?.returns ? made : null;
    this.known.set(model, single);
    return single;
  }

  /** Whether anybody hears of rows that are saved one by one. */
  private isHeard({ description }: EntityModel): boolean {
    const { writes, signals } = this.engine.source;
    return writes.interested(description) || signals.hears(description, preSave, postSave);
  }
}

/** Whether nothing but columns belongs to a row of an entity, and no method of it is to be called. */
function isPlain({ description, metadata }: EntityModel): boolean {
  const { beforeInsertListeners, afterInsertListeners, lazyRelations, inheritancePattern, treeType } = metadata;
  const listened = beforeInsertListeners.length + afterInsertListeners.length > 0;
  return !listened && lazyRelations.length === 0 && !inheritancePattern && !treeType && !description.position;
}

/** Inserts rows of one entity, each by a statement of its own that is written once for each set of filled columns. */
export class SingleInsert {
  private readonly columns: readonly InsertColumn[];
  private readonly runner: InsertRunner;
  private readonly filler: RowFiller;
  private readonly shapes = new Map<string, InsertShape>();
  /** Shapes by the text of the query that reads beside them, which is one object for queries of one shape. */
  private readonly referring = new WeakMap<readonly string[], Map<string, InsertShape>>();

  constructor(
    private readonly engine: QueryEngine,
    private readonly model: EntityModel,
  ) {
    this.columns = insertColumns(model);
    this.runner = new InsertRunner(engine, model, this.columns, undefined);
    // As TypeORM leaves it: a relation that is set counts as changed in the next save.
    this.filler = new RowFiller(this.columns, { references: false });
  }

  /** Whether the database tells what it made of a row. */
  get returns(): boolean {
    return this.runner.returns;
  }

  /** Whether a row has no key yet. */
  isNew(row: object): boolean {
    return this.model.primary.every(({ metadata }) => isMissing(metadata, row));
  }

  /**
   * Whether a row was made whole and gets a key where it has none, and saving it touches no other: it only refers to rows
   * that are there.
   */
  isAlone(row: object): boolean {
    const { target, relations, primaryColumns, versionColumn } = this.model.metadata;
    const whole = Object.getPrototypeOf(row) === (target as AnyClass).prototype;
    const keyed = primaryColumns.every((column) => column.isGenerated || !isMissing(column, row));
    // A version is that of a row that was stored before.
    if (versionColumn && !isMissing(versionColumn, row)) return false;
    return whole && keyed && relations.every((relation) => isOnlyReferred(relation, row));
  }

  /**
   * Stores a row and puts on it what the database made, with `refresh` all of its columns.
   * @throws IntegrityError, BadLookupValueError
   */
  async store(row: object, refresh = false): Promise<void> {
    const made = this.newRow(row);
    const shape = knownShape(this.shapes, shapeName(made, refresh), () => this.runner.shapeOf(made, refresh));
    const answers = await this.send(made, shape, []);
    if (answers.length > 0 || !shape.returned) this.fill(made, shape, answers, refresh);
  }

  /**
   * As {@link store} with all columns, by a statement that also reads the row that it refers to, and stores nothing where
   * there is none. Gives whether that one is there; where not, its parts have to tell why. @throws IntegrityError
   */
  async storeReferring(row: object, { path, rows }: UnreadReference): Promise<boolean> {
    const reading = this.readingAtOnce(rows);
    const made = reading && valid(() => this.newRow(row));
    if (!made) return false;
    const shape = this.referringShape(made, reading.sql);
    const answers = await this.sendReferring(made, shape, reading);
    if (!answers[0]) return false;
    if (isStored(answers[0], shape)) this.fill(made, shape, answers, true);
    const [related] = reading.hydrate(answers) as object[];
    putReference(row, path, related!);
    return true;
  }

  /**
   * Whether {@link storeReferring} can: PostgreSQL alone changes rows in a WITH. A statement that fails would end a
   * transaction, so that nothing could be asked any more.
   */
  canRefer({ rows }: UnreadReference): boolean {
    const { dialect, source } = this.engine;
    return dialect.name === 'postgres' && rows.runsOn(dialect) && !source.inTransaction;
  }

  private newRow(row: object): NewRow {
    giveUuids(this.model.description.target, [row], this.engine.source.uuids);
    return { row, cells: this.columns.map(({ cell }) => cell(row)) };
  }

  /**
   * What reads the row of a reference. Undefined where its key is none that the row could have, and where making the row
   * could fail or takes more statements: by then the new one is stored.
   */
  private readingAtOnce(rows: QuerySet): CompiledQuery | undefined {
    const { metadata } = this.engine.model(rows.entity);
    if (metadata.columns.some(({ transformer }) => transformer)) return undefined;
    const reading = valid(() => rows.slice(0, 1).compiled());
    return reading && !isPromiseLike(reading.hydrate([])) ? reading : undefined;
  }

  /**
   * What the statement gives; nothing where a key, or another value, is none that its column could have: which one it was,
   * the statement of the new row alone tells.
   */
  private async sendReferring(made: NewRow, shape: InsertShape, { sql }: CompiledQuery): Promise<readonly RawRow[]> {
    try {
      return await this.send(made, shape, sql.values);
    } catch (error) {
      if (error instanceof FieldError) return [];
      throw error;
    }
  }

  private send({ cells }: NewRow, { sql, filled }: InsertShape, first: readonly unknown[]): Promise<readonly RawRow[]> {
    return this.engine.source.query(sql, [...first, ...filled.map((index) => cells[index])]);
  }

  private fill(made: NewRow, { returned }: InsertShape, answers: readonly RawRow[], all: boolean): void {
    this.filler.put([{ rows: [made], returned, answers }], all);
  }

  private referringShape(made: NewRow, referred: Sql): InsertShape {
    const { texts } = referred;
    const shapes = this.referring.get(texts) ?? new Map<string, InsertShape>();
    this.referring.set(texts, shapes);
    const make = (): InsertShape => this.runner.referringShapeOf(made, this.engine.statement(referred));
    return knownShape(shapes, shapeName(made, true), make);
  }
}

/** What some work comes to; undefined where a value is none that its column could have. */
function valid<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof FieldError) return undefined;
    throw error;
  }
}

/** Whether an answer has the key of the new row. */
function isStored(answer: RawRow, { returned }: InsertShape): boolean {
  return returned!.raw(answer, returned!.columns[0]!) !== null;
}

function knownShape(shapes: Map<string, InsertShape>, name: string, make: () => InsertShape): InsertShape {
  const known = shapes.get(name);
  if (known) return known;
  const shape = make();
  if (shapes.size >= MOST_SHAPES) shapes.clear();
  shapes.set(name, shape);
  return shape;
}

/** What tells statements of one entity apart: which columns are filled, and whether all are given back. */
function shapeName({ cells }: NewRow, refresh: boolean): string {
  let name = refresh ? '*' : '';
  for (const cell of cells) name += cell === UNSET ? '-' : '+';
  return name;
}

/** Whether a relation of a new row leads nowhere, or to a row that has its key and is not saved with it. */
function isOnlyReferred(relation: RelationMetadata, row: object): boolean {
  const held: unknown = relation.getEntityValue(row);
  if (held === undefined || held === null) return true;
  if (!relation.isOwning || relation.isManyToMany) return Array.isArray(held) && held.length === 0;
  if (typeof held !== 'object') return true;
  if (relation.isCascadeInsert || relation.isCascadeUpdate) return false;
  return relation.joinColumns.every(({ referencedColumn }) => !isMissing(referencedColumn!, held));
}

function isMissing(column: ColumnMetadata, row: object): boolean {
  const value: unknown = column.getEntityValue(row);
  return value === undefined || value === null;
}
