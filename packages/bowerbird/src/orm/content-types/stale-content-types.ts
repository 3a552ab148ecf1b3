import { Inject, Injectable } from '@nestjs/common';

import { AppRegistry } from '../apps/app-registry.js';
import { Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { type QuerySet } from '../query/query-set.js';
import { ContentType } from './content-type.entity.js';
import { ContentTypes } from './content-types.service.js';
import { GENERIC_KEY_NOTE, GENERIC_KEYS_NOTE } from './generic.decorators.js';

/** A content type whose entity is gone, and the rows that still refer to rows of it. */
export interface StaleContentType {
  readonly type: ContentType;
  readonly references: readonly StaleReference[];
}

/** Rows of an entity whose generic reference leads to nothing any more. */
export interface StaleReference {
  /** The entity and its property, as `blog.comment.target`. */
  readonly path: string;
  readonly count: number;
  readonly rows: QuerySet;
}

/** Finds and removes content types of entities that no app has any more. */
@Injectable()
export class StaleContentTypes {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(ContentTypes) private readonly types: ContentTypes,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {}

  /** Those of apps that are installed; with `goneApps` of all others as well. */
  async find({ goneApps = false }: { readonly goneApps?: boolean } = {}): Promise<readonly StaleContentType[]> {
    const installed = new Set(this.apps.all().map(({ name }) => name));
    const stale = (await this.types.stale()).filter(({ app }) => goneApps || installed.has(app));
    return Promise.all(stale.map(async (type) => ({ type, references: await this.referencesTo(type) })));
  }

  /** Deletes them and the rows that refer to rows of theirs; returns how many of these there were. */
  async remove(stale: readonly StaleContentType[]): Promise<number> {
    const database = this.databases.of(ContentType);
    return database.atomic(async () => {
      let count = 0;
      for (const { rows } of stale.flatMap(({ references }) => references)) count += await rows.forceDelete();
      await database
        .objects(ContentType)
        .filter({ id__in: stale.map(({ type }) => type.id) })
        .delete();
      return count;
    });
  }

  private async referencesTo({ id }: ContentType): Promise<readonly StaleReference[]> {
    const found: StaleReference[] = [];
    for (const description of this.databases.descriptions.all())
      for (const property of this.keysOf(description)) {
        const rows = this.rowsOf(description, property, id);
        const count = await rows.count();
        if (count > 0) found.push({ path: `${description.key}.${property}`, count, rows });
      }
    return found;
  }

  private rowsOf({ target }: EntityDescription, property: string, id: number): QuerySet {
    const { type } = GENERIC_KEY_NOTE.read(target.prototype as object, property)!;
    return this.databases
      .of(target)
      .objects<object>(target)
      .withoutScopes()
      .untyped()
      .filter({ [type]: id });
  }

  /** Of entities that share a table the one that has it. */
  private keysOf({ target }: EntityDescription): readonly string[] {
    const { tableType } = this.databases.of(target).dataSource.getMetadata(target);
    return tableType === 'entity-child' ? [] : (GENERIC_KEYS_NOTE.read(target) ?? []);
  }
}
