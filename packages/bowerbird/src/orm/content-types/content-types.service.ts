import { Inject, Injectable } from '@nestjs/common';

import { type Class } from '#core';

import { Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { type QuerySet } from '../query/query-set.js';
import { ContentType } from './content-type.entity.js';

/** Content types by their entities and back. Each is made when it is first asked for, and known from then on. */
@Injectable()
export class ContentTypes {
  private readonly byKey = new Map<string, Promise<ContentType>>();

  constructor(@Inject(Databases) private readonly databases: Databases) {}

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
    const known = await Promise.all(this.byKey.values());
    const type = known.find((one) => one.id === id) ?? (await this.rows().filter({ id }).first());
    const description = type && this.databases.descriptions.findByKey(type.key());
    return description?.target;
  }

  /** Makes the content types of some entities that have none yet. */
  async createAll(descriptions: readonly EntityDescription[]): Promise<void> {
    await Promise.all(descriptions.map((description) => this.ofDescription(description)));
  }

  /** Content types of entities that no app has any more. */
  async stale(): Promise<readonly ContentType[]> {
    const keys = new Set(this.databases.descriptions.all().map(({ key }) => key));
    return (await this.rows().all()).filter((type) => !keys.has(type.key()));
  }

  private ofDescription({ key, app }: EntityDescription): Promise<ContentType> {
    const known = this.byKey.get(key);
    if (known) return known;
    const entity = key.slice(app.length + 1);
    const made = this.rows()
      .getOrCreate({ app, entity })
      .then(({ row }) => row);
    this.byKey.set(key, made);
    made.catch(() => this.byKey.delete(key));
    return made;
  }

  private rows(): QuerySet<ContentType> {
    return this.databases.of(ContentType).objects(ContentType);
  }
}
