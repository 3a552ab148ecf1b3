import { Module } from '@nestjs/common';

import { App } from '../apps/app.decorator.js';
import { ContentTypeSync } from './content-type-sync.js';
import { ContentType } from './content-type.entity.js';
import { ContentTypes } from './content-types.service.js';
import { GenericRelations } from './generic-relations.service.js';
import initial from './migrations/0001_initial.js';
import { RemoveStaleContentTypesCommand } from './remove-stale.command.js';
import { StaleContentTypes } from './stale-content-types.js';

/** The table of content types and what needs it, as an app: list it in `settings.apps` to use generic references. */
@App({
  name: 'contenttypes',
  label: 'Content types',
  entities: [ContentType],
  migrations: [['0001_initial', initial]],
})
@Module({
  providers: [ContentTypes, GenericRelations, ContentTypeSync, StaleContentTypes, RemoveStaleContentTypesCommand],
  exports: [ContentTypes, GenericRelations, StaleContentTypes],
})
export class ContentTypesModule {}
