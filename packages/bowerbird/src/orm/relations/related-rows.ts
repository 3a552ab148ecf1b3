import { type Class } from '#core';

import { QuerySet } from '../query/query-set.js';
import { type NewValues } from '../query/query-writes.js';
import { RelatedSet, type LinkOptions, type RelatedDatabase, type RelatedRow } from '../writes/related-set.js';
import { forgetRelation } from './forget-relation.js';

/** The database that related rows belong to. */
export interface RowsDatabase extends RelatedDatabase {
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
}

/**
 * The rows that a to-many relation of a row leads to (Django's related manager): a query of them, and what links and
 * unlinks them. What the row had loaded of the relation is forgotten by each change.
 * See https://docs.djangoproject.com/en/stable/ref/models/relations/
 */
export class RelatedRows<T extends object = object> extends RelatedSet {
  constructor(
    private readonly place: RowsDatabase,
    private readonly owner: object,
    private readonly path: string,
  ) {
    super(place, owner, path);
  }

  /** The query of the related rows. */
  get objects(): QuerySet<T> {
    const { inverse, target } = this.linked;
    const rows = this.place.objects(target as Class<T>);
    const Owner = this.owner.constructor as Class;
    const found = inverse
      ? rows.untyped().filter({ [inverse]: this.owner })
      : rows
          .untyped()
          .filter({ pk__in: this.place.objects(Owner).untyped().filter({ pk: this.owner }).flat(this.path) });
    return found as unknown as QuerySet<T>;
  }

  /** Every related row, read anew. */
  async all(): Promise<T[]> {
    return this.objects.all();
  }

  /** Stores a new row that is linked. @throws IntegrityError */
  async create(values: NewValues<T>, options: LinkOptions = {}): Promise<T> {
    const { inverse, target, junction } = this.linked;
    const rows = this.place.objects(target as Class<T>);
    if (!junction) return this.changed(rows.create({ ...values, [inverse!]: this.owner } as NewValues<T>));
    return this.place.atomic(async () => {
      const row = await rows.create(values);
      await this.add(row, options);
      return row;
    });
  }

  override add(...rows: readonly (RelatedRow | LinkOptions)[]): Promise<void> {
    return this.changed(super.add(...rows));
  }

  override remove(...rows: readonly RelatedRow[]): Promise<void> {
    return this.changed(super.remove(...rows));
  }

  override set(rows: readonly RelatedRow[], options: LinkOptions = {}): Promise<void> {
    return this.changed(super.set(rows, options));
  }

  private async changed<R>(work: Promise<R>): Promise<R> {
    const result = await work;
    forgetRelation(this.place.dataSource, this.owner, this.path);
    return result;
  }
}
