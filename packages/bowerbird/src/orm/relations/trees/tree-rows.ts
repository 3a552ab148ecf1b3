import { type Class } from '#core';

import { type EntityModel } from '../../query/model/entity-model.js';
import { type RelationModel } from '../../query/model/relation-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { QuerySet } from '../../query/query-set.js';
import { keyOf } from '../entity-values.js';
import { TreeKeys, type ClosureTable, type TreeDirection } from './tree-keys.js';
import { parentOf } from './tree-parent.js';

/**
 * The rows around one in a tree: any entity with a reference to itself, declared with TypeORM's `@Tree` or not. A closure
 * table is used where there is one; otherwise the database follows the references by a recursive query.
 */
export class TreeRows<E extends object> {
  private readonly model: EntityModel;
  private readonly parent: RelationModel;

  /** @throws QueryUsageError for an entity that is no tree */
  constructor(
    private readonly engine: QueryEngine,
    private readonly row: E,
    parent?: string,
  ) {
    this.model = engine.model(row.constructor as Class);
    this.parent = parentOf(this.model, parent);
  }

  /** The rows above: the parent, its parent, and so on. */
  ancestors(): QuerySet<E> {
    return this.around('ancestors');
  }

  /** The rows below, at any depth. */
  descendants(): QuerySet<E> {
    return this.around('descendants');
  }

  /** The rows right below. */
  children(): QuerySet<E> {
    return this.rows({ [this.parent.path]: this.row });
  }

  /** The other rows with the same parent; the other roots for a root. */
  async siblings(): Promise<QuerySet<E>> {
    const { path } = this.parent;
    const parent = await this.engine.loader.value(this.row, this.parent);
    const others = parent ? this.rows({ [path]: parent }) : this.rows({ [`${path}__isnull`]: true });
    return others.untyped().exclude({ pk: this.row }) as unknown as QuerySet<E>;
  }

  private around(direction: TreeDirection): QuerySet<E> {
    const { key } = keyOf(this.row, this.model.primary, this.model);
    return this.rows({ pk__in: new TreeKeys(this.parent, direction, key, closureOf(this.model)) });
  }

  private rows(lookups: Readonly<Record<string, unknown>>): QuerySet<E> {
    return this.all().untyped().filter(lookups) as unknown as QuerySet<E>;
  }

  private all(): QuerySet<E> {
    return QuerySet.of(this.engine, this.row.constructor as Class<E>);
  }
}

function closureOf({ description, primary }: EntityModel): ClosureTable | undefined {
  const closure = description.tree?.closure;
  if (!closure) return undefined;
  const inOrder = (columns: typeof closure.ancestors): string[] =>
    primary.map(({ path }) => columns.find(({ references }) => references === path)!.column);
  return { ...closure, ancestors: inOrder(closure.ancestors), descendants: inOrder(closure.descendants) };
}
