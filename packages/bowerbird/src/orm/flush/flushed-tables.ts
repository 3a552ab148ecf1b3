import { CommandError } from '#core';

import { type Database } from '../connection/database.js';
import { type EntityDescription, type RelationDescription } from '../describe/entity-description.js';
import { wholeName } from '../migrations/schema/table-name.js';

/**
 * The tables, by their whole names, of the apps that migrations manage, those between many-to-many relations and those of trees included.
 * @throws CommandError when other entities refer to them
 */
export function flushedTables(database: Database, apps: readonly string[]): readonly string[] {
  const all = database.descriptions.all().filter((entity) => database.placement.isHome(database.alias, entity));
  const chosen = all.filter(({ app, managed }) => managed && (apps.length === 0 || apps.includes(app)));
  refuseOutsiders(all, chosen);
  const tables = chosen.flatMap((entity) => {
    const { tree, relations } = entity;
    const junctions = relations.filter(({ owning }) => owning).flatMap(({ junction }) => junction ?? []);
    return [entity, ...junctions, ...(tree?.closure ? [tree.closure] : [])];
  });
  return [...new Set(tables.map(({ table, schema }) => wholeName(table, schema)))];
}

function refuseOutsiders(all: readonly EntityDescription[], chosen: readonly EntityDescription[]): void {
  const targets = new Set<unknown>(chosen.map(({ target }) => target));
  const refers = ({ owning, target }: RelationDescription): boolean => owning && targets.has(target);
  const outsiders = all.filter(
    (entity) => !chosen.includes(entity) && [...entity.relations, ...(entity.foreignKeys ?? [])].some(refers),
  );
  if (outsiders.length === 0) return;
  const names = outsiders.map(({ key }) => key).join(', ');
  const apps = [...new Set([...chosen, ...outsiders].map(({ app }) => app))].join(' ');
  throw new CommandError(`Rows of ${names} refer to what would be emptied`, {
    hint: `Empty them as well: flush ${apps}`,
  });
}
