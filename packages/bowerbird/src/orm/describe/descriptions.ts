import { type AnyClass, type Class } from '#core';

import { UnknownEntityError } from '../orm.errors.js';
import { type EntityDescription } from './entity-description.js';

/** Something wrong with an entity, for the checks. */
export interface EntityProblem {
  /** Id of the check that reports it. */
  readonly id: string;
  readonly message: string;
  /** `Product.category`. */
  readonly at: string;
  readonly hint: string;
}

/** The descriptions of every entity, made once at boot. */
export class Descriptions {
  private readonly byTarget: ReadonlyMap<AnyClass, EntityDescription>;
  private readonly keys: ReadonlyMap<string, EntityDescription>;
  private readonly owned: readonly EntityDescription[];
  private readonly entities: readonly EntityDescription[];

  constructor(
    descriptions: readonly EntityDescription[],
    readonly problems: readonly EntityProblem[] = [],
  ) {
    this.byTarget = new Map(descriptions.map((description) => [description.target, description]));
    this.owned = Object.freeze(descriptions.filter(({ app }) => app !== UNOWNED));
    this.entities = Object.freeze(this.owned.filter(({ proxyOf }) => !proxyOf));
    this.keys = new Map(this.owned.map((description) => [description.key, description]));
  }

  /** What is known of an entity. @throws UnknownEntityError */
  of<E extends object>(entity: AnyClass<E>): EntityDescription<E> {
    const description = this.byTarget.get(entity);
    if (!description) throw new UnknownEntityError(entity.name, this.names());
    return description as EntityDescription<E>;
  }

  has(entity: AnyClass): boolean {
    return this.byTarget.has(entity);
  }

  /** The entities of all apps, in the order of the apps. Entities that are in no app are found by {@link of} alone. */
  all(): readonly EntityDescription[] {
    return this.entities;
  }

  /** As {@link all}, together with the proxies through which rows of some of them are looked at. */
  withProxies(): readonly EntityDescription[] {
    return this.owned;
  }

  /** The description of a loaded row. @throws UnknownEntityError */
  ofRow<E extends object>(row: E): EntityDescription<E> {
    return this.of(row.constructor as Class<E>);
  }

  /** `shop.product`. @throws UnknownEntityError with the nearest key */
  byKey(key: string): EntityDescription {
    const description = this.keys.get(key);
    if (!description) throw new UnknownEntityError(key, this.keys.keys());
    return description;
  }

  /** As {@link byKey}, or undefined. */
  findByKey(key: string): EntityDescription | undefined {
    return this.keys.get(key);
  }

  /**
   * The entities whose rows are in a table; several where they share it. A schema tells tables of one name apart as far as
   * entities name theirs.
   */
  ofTable(table: string, schema?: string): readonly EntityDescription[] {
    const named = [...this.byTarget.values()].filter((entity) => !entity.proxyOf && entity.table === table);
    const there = named.filter((description) => description.schema === schema);
    if (there.length > 0) return there;
    return schema === undefined ? named : named.filter((description) => description.schema === undefined);
  }

  private names(): readonly string[] {
    return [...this.byTarget.values()].map(({ name }) => name);
  }
}

/** App name of entities that a data source knows but no app owns. */
export const UNOWNED = 'unowned';
