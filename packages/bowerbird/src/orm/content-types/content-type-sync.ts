import { Inject, Injectable } from '@nestjs/common';

import { type EntityDescription } from '../describe/entity-description.js';
import { AfterMigrate, MigrateHook } from '../migrations/run/migrate-hook.js';
import { ContentTypes } from './content-types.service.js';

/** Makes the content types of all entities after each `migrate`; those of entities that were renamed follow them. */
@AfterMigrate()
@Injectable()
export class ContentTypeSync extends MigrateHook {
  constructor(@Inject(ContentTypes) private readonly types: ContentTypes) {
    super();
  }

  async afterMigrate(descriptions: readonly EntityDescription[], renames: ReadonlyMap<string, string>): Promise<void> {
    await this.types.follow(renames);
    await this.types.createAll(descriptions);
  }
}
