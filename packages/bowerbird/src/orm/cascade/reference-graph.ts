import { type Class } from '#core';

import { type OnDelete, type RelationDescription } from '../describe/entity-description.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { foreignKeyModel, type KeyModel } from '../query/model/foreign-key-model.js';
import { type QueryEngine } from '../query/query-engine.js';

/** What happens to rows that refer to a removed row; `replace`: they get another reference before it goes. */
export type ReferenceRule = OnDelete | 'replace';

/** A foreign key between two tables, as the entity that declares it sees it. */
export interface Reference {
  readonly relation: KeyModel;
  readonly description: RelationDescription;
  readonly onDelete: ReferenceRule;
  /** Whether queries know it by the path of its description; foreign keys that are no relation are known by columns alone. */
  readonly named: boolean;
}

/** Which tables refer to which. Entities that share a table are one. */
export class ReferenceGraph {
  private readonly incoming = new Map<string, Reference[]>();
  private readonly junctions = new Map<string, Reference[]>();

  constructor(private readonly engine: QueryEngine) {
    const seen = new Set<string>();
    for (const { target, parentEntityMetadata } of byAncestry(engine))
      for (const reference of referencesOf(engine.model(target as Class))) {
        const name = nameOf(reference);
        if (parentEntityMetadata && seen.has(name)) continue;
        seen.add(name);
        this.add(reference);
      }
  }

  /** The foreign keys that refer to a table. */
  to(model: EntityModel): readonly Reference[] {
    return this.incoming.get(tableOf(model)) ?? [];
  }

  /** The many-to-many relations one side of which is the table, each once. */
  linksOf(model: EntityModel): readonly Reference[] {
    return this.junctions.get(tableOf(model)) ?? [];
  }

  /** The model of the entity that declares the table of an entity. */
  rootOf(model: EntityModel): EntityModel {
    const parent = model.description.inheritance?.parent;
    return parent ? this.rootOf(this.engine.model(parent)) : model;
  }

  private add(reference: Reference): void {
    const { junction, from, target } = reference.relation;
    if (!junction) return push(this.incoming, tableOf(target), reference);
    for (const table of new Set([tableOf(from), tableOf(target)])) push(this.junctions, table, reference);
  }
}

/** A table as SQL names it, which is the same for all entities that it holds. */
export function tableOf({ table }: EntityModel): string {
  return table.texts.join('');
}

/** Parents come first: what they declare their children repeat. */
function byAncestry({ source }: QueryEngine) {
  const entities = source.dataSource.entityMetadatas.filter(({ target }) => typeof target === 'function');
  return entities.toSorted((left, right) => left.inheritanceTree.length - right.inheritanceTree.length);
}

function referencesOf(model: EntityModel): readonly Reference[] {
  const { relations, foreignKeys = [] } = model.description;
  return [
    ...relations
      .filter(({ owning, kind }) => owning && kind !== 'one-to-many')
      .map((description) => ({
        description,
        relation: model.relation(description.path)!,
        onDelete: description.onDeleteSet ? ('replace' as const) : description.onDelete,
        named: true,
      }))
      .filter(({ relation, onDelete }) => onDelete === 'replace' || relation.metadata.createForeignKeyConstraints),
    ...foreignKeys.map((description) => ({
      description,
      relation: foreignKeyModel(model, description),
      onDelete: description.onDelete,
      named: false,
    })),
  ];
}

function nameOf({ relation: { from, pairs, junction } }: Reference): string {
  return junction ? junction.table.texts.join('') : [tableOf(from), ...pairs.map(({ own }) => own.name)].join(' ');
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
