import { type Class } from '#core';

import { type EntityKey } from '../describe/entity-description.js';
import { orderOf, type RowOrder } from '../model/positions/row-order.js';
import { RelatedSetError } from '../orm.errors.js';
import { QuerySet } from '../query/query-set.js';
import { type NewValues } from '../query/query-writes.js';
import { QueryUsageError } from '../query/query.errors.js';
import { RelatedSet, type LinkOptions, type RelatedDatabase, type RelatedRow } from '../writes/related-set.js';
import { forgetRelation } from './forget-relation.js';
import { type RowOrKey } from './linked-rows.types.js';

/** The database that related rows belong to. */
export interface RowsDatabase extends RelatedDatabase {
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
}

/**
 * The rows that a to-many relation of a row leads to (Django's related manager): a query of them, and what links and
 * unlinks them. What the row had loaded of the relation is forgotten by each change.
 * See https://docs.djangoproject.com/en/stable/ref/models/relations/
 */
export class RelatedRows<T extends object = object, L extends object = object> extends RelatedSet {
  constructor(
    private readonly place: RowsDatabase,
    private readonly owner: object,
    private readonly path: string,
  ) {
    super(place, owner, path);
  }

  /**
   * The same, whose links are said to be rows of an entity, so that `throughDefaults` are checked where the type of the
   * property does not tell: `related(player, 'clubs').linkedBy(Membership)`. @throws RelatedSetError
   */
  linkedBy<M extends object>(entity: Class<M>): RelatedRows<T, M> {
    if ((this.between as unknown) === entity) return this as unknown as RelatedRows<T, M>;
    const are = this.between ? `rows of ${this.between.name}` : 'rows of no entity';
    throw new RelatedSetError(`The links of "${this.path}" are ${are}, and not of ${nameOf(entity)}`, {
      hint: 'Name the second entity of its @ManyToManyThrough',
    });
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
  async create(values: NewValues<T>, options: LinkOptions<NewValues<L>> = {}): Promise<T> {
    const { inverse, target, junction } = this.linked;
    const rows = this.place.objects(target as Class<T>);
    if (!junction) return this.changed(rows.create({ ...values, [inverse!]: this.owner } as NewValues<T>));
    return this.place.atomic(async () => {
      const row = await rows.create(values);
      await super.add(row, options);
      this.forget();
      return row;
    });
  }

  /** The keys of the related rows in the order of their `@PositionColumn`. @throws QueryUsageError for rows without one */
  async order(): Promise<readonly EntityKey[]> {
    return this.placed().keys();
  }

  /** Puts the related rows into an order: all of them, each once, as rows or keys. @throws RowOrderError */
  async setOrder(rows: readonly RelatedRow[]): Promise<void> {
    await this.changed(this.placed().set(rows));
  }

  /** @throws QueryUsageError for a relation whose rows have no position within it */
  private placed(): RowOrder<T> {
    const { inverse, target } = this.linked;
    const { queries } = this.place;
    const model = queries.model(target);
    const { within } = model.description.position ?? { within: [] };
    const [path, ...more] = within.map((name) => model.description.field(name)?.relation ?? name);
    if (path !== undefined && path === inverse && more.length === 0)
      return orderOf(queries, target as Class<T>, this.owner);
    throw new QueryUsageError(`The rows of ${model.name} have no order within "${this.path}"`, {
      hint: `Give it @PositionColumn({ within: '${inverse ?? '…'}' }), or use order(${model.name}, …) of the database`,
    });
  }

  override add(...rows: readonly (RowOrKey<T> | LinkOptions<NewValues<L>>)[]): Promise<void> {
    return this.changed(super.add(...(rows as readonly (RelatedRow | LinkOptions)[])));
  }

  override remove(...rows: readonly RowOrKey<T>[]): Promise<void> {
    return this.changed(super.remove(...(rows as readonly RelatedRow[])));
  }

  override set(rows: readonly RowOrKey<T>[], options: LinkOptions<NewValues<L>> = {}): Promise<void> {
    return this.changed(super.set(rows as readonly RelatedRow[], options));
  }

  private async changed<R>(work: Promise<R>): Promise<R> {
    const result = await work;
    this.forget();
    return result;
  }

  private forget(): void {
    forgetRelation(this.place.dataSource, this.owner, this.path);
  }
}

function nameOf(entity: unknown): string {
  return typeof entity === 'function' ? entity.name : String(entity);
}
