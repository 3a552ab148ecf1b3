import { type Class } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { type EntityDescription, type EntityKey, type RelationDescription } from '../describe/entity-description.js';
import { valueAt } from '../describe/entity-text.js';
import { lockParent, movesRows, moveToEnd } from '../model/positions/moved-rows.js';
import { RelatedSetError, UnknownPathError } from '../orm.errors.js';
import { type QueryEngine } from '../query/query-engine.js';
import { describeThrough, throughOf, type Through } from '../relations/through.js';
import { type EntitySignals } from '../signals/entity-signals.js';
import { LinkTable, type KeyValues, type LinkColumns, type LinkDatabase } from './link-table.js';
import { ThroughLinks, type ThroughDatabase } from './through-links.js';
import { type WriteNotifier } from './write-notifier.js';

/** A related row, or its key: text or a number, values by path where the key has several columns. */
export type RelatedRow = object | string | number | bigint;

/** What the links get that rows of an entity are (Django's `through_defaults`). */
export interface LinkOptions<V = Readonly<Record<string, unknown>>> {
  /** Values of the new rows between, by property. */
  readonly throughDefaults?: V;
}

/** The database that a related set belongs to. */
export interface RelatedDatabase extends LinkDatabase, ThroughDatabase {
  readonly descriptions: Descriptions;
  readonly writes: WriteNotifier;
  readonly signals: EntitySignals;
  atomic<R>(work: () => Promise<R>): Promise<R>;
  /** @throws CrossDatabaseError when the row may not refer to the other one */
  requireRelated(row: object, related: object): void;
  readonly queries: QueryEngine;
}

/**
 * The rows that a to-many relation of one row links to. Each change compares with what is linked, touches only the
 * difference, runs in a transaction and costs the same number of statements for one row as for hundreds.
 */
export class RelatedSet {
  private readonly description: EntityDescription;
  private readonly target: EntityDescription;
  private readonly relation: RelationDescription;
  /** The relation that holds the columns: on the target for one-to-many. */
  private readonly reverse: RelationDescription | undefined;
  /** The entity whose rows are the links. */
  private readonly through: Through | undefined;

  constructor(
    private readonly database: RelatedDatabase,
    private readonly row: object,
    path: string,
  ) {
    this.description = database.descriptions.ofRow(row);
    const metadata = database.dataSource.getMetadata(this.description.target);
    this.through = throughOf(metadata, path);
    const relation = this.through ? describeThrough(this.through, path) : this.description.relation(path);
    if (!relation)
      throw new UnknownPathError(
        this.description.name,
        path,
        this.description.relations.map((one) => one.path),
      );
    if (relation.kind !== 'many-to-many' && relation.kind !== 'one-to-many')
      throw new RelatedSetError(`${this.description.name}.${path} leads to one row, not to a set`, {
        hint: 'Assign the property and save the row',
      });
    this.relation = relation;
    this.target = database.descriptions.of(relation.target);
    this.reverse = relation.inverse ? this.target.relation(relation.inverse) : undefined;
  }

  /** The relation as it is declared. */
  protected get linked(): RelationDescription {
    return this.relation;
  }

  /** The entity whose rows are the links, if they are rows of one. */
  protected get between(): Class | undefined {
    return this.through?.entity.target as Class | undefined;
  }

  /** The keys of the linked rows. */
  async keys(): Promise<readonly EntityKey[]> {
    return (await this.linkedKeys(this.own())).map((key) => this.keyOf(key));
  }

  /** Links rows; those that are linked already stay so. The last argument may be options. */
  async add(...given: readonly (RelatedRow | LinkOptions)[]): Promise<void> {
    const { rows, options } = withOptions(given);
    await this.change((linked, keys) => ({ added: missingFrom(linked, keys), removed: [] }), rows, options);
  }

  /** Unlinks rows; the rows themselves stay. */
  async remove(...rows: readonly RelatedRow[]): Promise<void> {
    await this.change((linked, keys) => ({ added: [], removed: linked.filter((key) => has(keys, key)) }), rows);
  }

  /** Links exactly these rows and unlinks all others. */
  async set(rows: readonly RelatedRow[], options: LinkOptions = {}): Promise<void> {
    await this.change(
      (linked, keys) => ({ added: missingFrom(linked, keys), removed: missingFrom(keys, linked) }),
      rows,
      options,
    );
  }

  /** Unlinks all rows. */
  async clear(): Promise<void> {
    await this.set([]);
  }

  private async change(diff: Diff, rows: readonly RelatedRow[], options: LinkOptions = {}): Promise<void> {
    this.requireThrough(options);
    for (const row of rows) if (typeof row === 'object') this.database.requireRelated(this.row, row);
    const own = this.own();
    const keys = rows.map((row) => this.valuesOf(row));
    await this.database.atomic(async () => {
      await this.holdOrder(own);
      const { added, removed } = diff(await this.linkedKeys(own), keys);
      if (added.length === 0 && removed.length === 0) return;
      await this.write(own, added, removed, options);
      await this.tell(added, removed);
    });
  }

  private async write(
    own: KeyValues,
    added: readonly KeyValues[],
    removed: readonly KeyValues[],
    { throughDefaults = {} }: LinkOptions,
  ): Promise<void> {
    if (this.through) {
      const between = new ThroughLinks(this.database, this.through, this.row);
      await between.delete(removed);
      await between.insert(added, throughDefaults);
    } else if (this.relation.junction) {
      await this.links().delete(own, removed);
      await this.links().insert(own, added);
    } else await this.repoint(this.links(), own, added, removed);
  }

  private async linkedKeys(own: KeyValues): Promise<readonly KeyValues[]> {
    if (!this.through) return this.links().linked(own);
    return new ThroughLinks(this.database, this.through, this.row).linked();
  }

  private requireThrough({ throughDefaults }: LinkOptions): void {
    if (!throughDefaults || this.through) return;
    throw new RelatedSetError(
      `The links of ${this.description.name}.${this.relation.path} have no values of their own`,
      {
        hint: 'Leave throughDefaults out, or declare the relation with @ManyToManyThrough',
      },
    );
  }

  private async repoint(
    links: LinkTable,
    own: KeyValues,
    added: readonly KeyValues[],
    removed: readonly KeyValues[],
  ): Promise<void> {
    if (removed.length > 0 && !this.reverse!.nullable)
      throw new RelatedSetError(
        `${this.target.name}.${this.reverse!.path} must have a value, so no ${this.target.name} can be unlinked`,
        { hint: 'Remove the rows, or link them to another row' },
      );
    await links.point(null, removed, own);
    await links.point(own, added);
    await this.placeLast([...added, ...removed]);
  }

  /** Holds the row where others stand in an order within it. The first thing of the transaction: MySQL reads as of then. */
  private async holdOrder(own: KeyValues): Promise<void> {
    const { database, reverse, target } = this;
    if (!reverse || this.through || this.relation.junction || !movesRows(target, [reverse.path])) return;
    await lockParent(database.queries, database.queries.model(target.target), reverse.path, own);
  }

  /** Rows that have another parent now come last there, where they stand in an order within this relation. */
  private async placeLast(keys: readonly KeyValues[]): Promise<void> {
    const { queries } = this.database;
    if (movesRows(this.target, [this.reverse!.path])) await moveToEnd(queries, queries.model(this.target.target), keys);
  }

  private async tell(added: readonly KeyValues[], removed: readonly KeyValues[]): Promise<void> {
    const { description, row, relation, database } = this;
    const keysOf = (keys: readonly KeyValues[]) => keys.map((key) => this.keyOf(key));
    const change = { path: relation.path, added: keysOf(added), removed: keysOf(removed) };
    const key = description.keyOf(row);
    if (database.writes.interested(description))
      await database.writes.notify({
        kind: 'related',
        description,
        key,
        text: description.text(row),
        relation: change,
      });
    await database.signals.related(description, key, change);
  }

  private links(): LinkTable {
    return new LinkTable(this.database, this.columns());
  }

  private columns(): LinkColumns {
    const { junction } = this.relation;
    if (junction)
      return {
        table: junction.table,
        schema: junction.schema,
        own: junction.ownColumns.map(({ column }) => column),
        target: junction.targetColumns.map(({ column }) => column),
      };
    return {
      table: this.target.table,
      schema: this.target.schema,
      own: this.reverse!.columns.map(({ column }) => column),
      target: this.targetPaths().map((path) => columnOf(this.target, path)),
    };
  }

  private targetPaths(): readonly string[] {
    return this.relation.junction?.targetColumns.map(({ references }) => references) ?? this.target.primaryKey;
  }

  /** The values of this row's key, in the order of the columns. */
  private own(): KeyValues {
    const references = this.relation.junction?.ownColumns ?? this.reverse!.columns;
    const values = references.map(({ references: path }) => plain(valueAt(this.row, path)));
    if (values.every((value) => value !== undefined && value !== null)) return values;
    throw new RelatedSetError(`This ${this.description.name} has no key yet`, {
      hint: 'Save the row before changing its relations',
    });
  }

  private valuesOf(row: RelatedRow): KeyValues {
    const paths = this.targetPaths();
    const values = typeof row === 'object' ? paths.map((path) => plain(valueAt(row, path))) : [row];
    if (values.length === paths.length && values.every((value) => value !== undefined && value !== null)) return values;
    throw new RelatedSetError(`A ${this.target.name} without a key cannot be linked`, {
      hint: `Give a saved row, or its key (${paths.join(', ')})`,
    });
  }

  private keyOf(values: KeyValues): EntityKey {
    const row = {};
    for (const [index, path] of this.targetPaths().entries()) Object.assign(row, { [path]: values[index] });
    return this.target.keyOf(row);
  }
}

type Diff = (
  linked: readonly KeyValues[],
  keys: readonly KeyValues[],
) => { readonly added: readonly KeyValues[]; readonly removed: readonly KeyValues[] };

/** The wanted keys, each once, that are not among those that are there. */
function missingFrom(present: readonly KeyValues[], wanted: readonly KeyValues[]): readonly KeyValues[] {
  const seen = new Set(present.map(textOf));
  return wanted.filter((key) => !seen.has(textOf(key)) && seen.add(textOf(key)));
}

/** Options stand last, as a plain object with nothing else. */
function withOptions(given: readonly (RelatedRow | LinkOptions)[]): {
  readonly rows: readonly RelatedRow[];
  readonly options: LinkOptions;
} {
  const last = given.at(-1);
  return isOptions(last) ? { rows: given.slice(0, -1), options: last } : { rows: given, options: {} };
}

function isOptions(value: RelatedRow | LinkOptions | undefined): value is LinkOptions {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.keys(value).every((name) => name === 'throughDefaults');
}

function has(keys: readonly KeyValues[], key: KeyValues): boolean {
  return keys.some((candidate) => textOf(candidate) === textOf(key));
}

function textOf(key: KeyValues): string {
  return JSON.stringify(key.map(String));
}

/** A loaded row in a key stands for its own id. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}

function columnOf(description: EntityDescription, path: string): string {
  return description.field(path)?.column ?? description.relation(path)?.columns[0]?.column ?? path;
}
