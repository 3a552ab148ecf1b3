import { type Class } from '#core';

import { type QuerySet } from '../query/query-set.js';
import { type Through } from '../relations/through.js';
import { batches, type KeyValues } from './link-table.js';

/** Where the rows between are stored. */
export interface ThroughDatabase {
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
}

/** The links of one row that are rows of an entity: written through it, so that its signals and listeners hear of them. */
export class ThroughLinks {
  constructor(
    private readonly database: ThroughDatabase,
    private readonly through: Through,
    private readonly row: object,
  ) {}

  /** The target keys that the row is linked to. */
  async linked(): Promise<readonly KeyValues[]> {
    const { joinColumns, propertyPath } = this.through.target;
    const paths = joinColumns.map(({ referencedColumn }) => `${propertyPath}.${referencedColumn!.propertyPath}`);
    const rows = await this.rows.values(...paths).all();
    return rows.map((row) => paths.map((path) => (row as Readonly<Record<string, unknown>>)[path]));
  }

  /** Adds a row for each target, with some values of its own. */
  async insert(targets: readonly KeyValues[], defaults: Readonly<Record<string, unknown>>): Promise<void> {
    const { own, target } = this.through;
    if (targets.length === 0) return;
    const rows = targets.map((key) => ({
      ...defaults,
      [own.propertyName]: this.row,
      [target.propertyName]: this.keyed(key),
    }));
    await this.links.bulkCreate(rows);
  }

  /** Deletes the rows that link to some targets. */
  async delete(targets: readonly KeyValues[]): Promise<void> {
    const { propertyPath } = this.through.target;
    for (const batch of batches(targets))
      await this.rows.filter({ [`${propertyPath}__in`]: batch.map((key) => this.keyed(key)) }).delete();
  }

  private get rows(): QuerySet {
    return this.links.filter({ [this.through.own.propertyPath]: this.row });
  }

  private get links(): QuerySet {
    return this.database.objects(this.through.entity.target as Class).untyped();
  }

  /** A related row of which nothing is known but its key. */
  private keyed(key: KeyValues): object {
    const { joinColumns, inverseEntityMetadata } = this.through.target;
    const row = inverseEntityMetadata.create() as object;
    for (const [index, { referencedColumn }] of joinColumns.entries())
      referencedColumn!.setEntityValue(row, key[index]);
    return row;
  }
}
