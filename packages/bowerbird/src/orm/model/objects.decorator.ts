import { Inject, type FactoryProvider } from '@nestjs/common';

import { NoteKey, type AnyClass, type Class } from '#core';

import { APP_NOTE } from '../apps/app.decorator.js';
import { Databases } from '../connection/databases.js';
import { type QuerySet } from '../query/query-set.js';
import { lazyRows } from './lazy-rows.js';
import { rowsClassOf } from './manager-note.js';

/** The token under which the rows of an entity are provided. */
const TOKEN_NOTE = new NoteKey<symbol>('token of rows');

/**
 * Injects the rows of an entity: `constructor(@Objects(Post) private readonly posts: QuerySet<Post>)`. They are of the
 * entity's own class of query sets, where its manager names one. The entity has to be listed in an installed app.
 */
export function Objects(entity: AnyClass): ParameterDecorator & PropertyDecorator {
  return Inject(tokenOf(entity));
}

/** Provides the rows of every entity of some apps. */
export function objectsProviders(apps: readonly AnyClass[]): FactoryProvider<QuerySet>[] {
  const entities = apps.flatMap((app) => (typeof app === 'function' ? (APP_NOTE.readOwn(app)?.entities ?? []) : []));
  return [...new Set(entities)].filter((entity) => typeof entity === 'function').map(providerOf);
}

/** What is wrong with an entity is for the checks to tell, so it is not looked up before its rows are used. */
function providerOf(entity: Class): FactoryProvider<QuerySet> {
  return {
    provide: tokenOf(entity),
    inject: [Databases],
    useFactory: (databases: Databases) =>
      lazyRows(rowsClassOf(entity).prototype as object, () => databases.objects(entity)),
  };
}

function tokenOf(entity: AnyClass): symbol {
  const known = TOKEN_NOTE.readOwn(entity);
  if (known) return known;
  const made = Symbol(`rows of ${entity.name}`);
  TOKEN_NOTE.write(entity, made);
  return made;
}
