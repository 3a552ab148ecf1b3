import { Inject, Injectable } from '@nestjs/common';

import { type Class } from '#core';

import { Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { writtenEntity } from '../describe/written-entity.js';
import { type QuerySet } from '../query/query-set.js';
import { ContentType } from './content-type.entity.js';
import { type GenericKind, type KindSource } from './generic-kinds.js';

/** Content types by their entities and back. Each is made when it is first asked for, and known from then on. */
@Injectable()
export class ContentTypes implements KindSource {
  private readonly byKey = new Map<string, Promise<ContentType>>();

  constructor(@Inject(Databases) private readonly databases: Databases) {
    databases.kinds.attach(this);
  }

  /** The content type of an entity. @throws UnknownEntityError */
  of(entity: Class): Promise<ContentType> {
    return this.ofDescription(this.databases.descriptions.of(entity));
  }

  /** The content type with a key like `blog.post`. @throws UnknownEntityError */
  async named(key: string): Promise<ContentType> {
    return this.ofDescription(this.databases.descriptions.byKey(key));
  }

  /** The class of the rows that a content type stands for; undefined when the entity is gone. */
  async entityOf(id: number): Promise<Class | undefined> {
    return (await this.kindsOf([id])).get(id)?.entity;
  }

  /** The entities that some content types stand for, and what reads their rows; one statement for those not known yet. */
  async kindsOf(ids: readonly number[]): Promise<ReadonlyMap<number, GenericKind>> {
    const known = new Map((await Promise.all(this.byKey.values())).map((type) => [type.id, type]));
    const unknown = ids.filter((id) => !known.has(id));
    const found = unknown.length > 0 ? await this.rows().filter({ id__in: unknown }).all() : [];
    for (const type of found) known.set(type.id, type);
    return new Map(ids.flatMap((id) => this.kindOf(id, known.get(id))));
  }

  /** Makes the content types of some entities that have none yet. */
  async createAll(descriptions: readonly EntityDescription[]): Promise<void> {
    await Promise.all(descriptions.map((description) => this.ofDescription(description)));
  }

  /** Gives content types the present keys of their entities, so that references by them go on leading there. */
  async follow(renames: ReadonlyMap<string, string>): Promise<void> {
    if (renames.size === 0) return;
    const { descriptions } = this.databases;
    const rows = new Map((await this.rows().all()).map((type) => [type.key(), type]));
    for (const [from, to] of renames) {
      const type = rows.get(from);
      const description = descriptions.findByKey(to);
      if (!type || !description || rows.has(to) || descriptions.findByKey(from)) continue;
      await this.rows()
        .filter({ id: type.id })
        .update({ app: description.app, entity: to.slice(description.app.length + 1) });
      this.byKey.delete(from);
    }
  }

  /** Content types of entities that no app has any more. */
  async stale(): Promise<readonly ContentType[]> {
    const keys = new Set(this.databases.descriptions.all().map(({ key }) => key));
    return (await this.rows().all()).filter((type) => !keys.has(type.key()));
  }

  private kindOf(id: number, type: ContentType | undefined): [number, GenericKind][] {
    const description = type && this.databases.descriptions.findByKey(type.key());
    if (!description) return [];
    return [[id, { entity: description.target, engine: this.databases.forRead(description.target).queries }]];
  }

  private ofDescription(description: EntityDescription): Promise<ContentType> {
    const { key, app } = writtenEntity(description);
    const known = this.byKey.get(key);
    if (known) return known;
    const entity = key.slice(app.length + 1);
    const made = this.rows()
      .getOrCreate({ app, entity })
      .then(({ row }) => row);
    this.remember(key, made);
    return made;
  }

  /** What a transaction has read or made may be undone with it; what a test does always is. */
  private remember(key: string, made: Promise<ContentType>): void {
    const database = this.databases.of(ContentType);
    if (database.transactions.stage.scope) return;
    if (database.inTransaction) {
      void database.onCommit(() => this.byKey.set(key, made));
      return;
    }
    this.byKey.set(key, made);
    made.catch(() => this.byKey.delete(key));
  }

  private rows(): QuerySet<ContentType> {
    return this.databases.of(ContentType).objects(ContentType);
  }
}
