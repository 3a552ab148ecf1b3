import { CommandError } from '#core';

import { type Database } from '../connection/database.js';
import { type EntityDescription, type RelationDescription } from '../describe/entity-description.js';

/** A table to empty. */
export interface FlushedTable {
  readonly name: string;
  readonly schema: string | undefined;
}

/**
 * The tables of the apps that migrations manage, those between many-to-many relations and those of trees included.
 * @throws CommandError when other entities refer to them
 */
export function flushedTables(database: Database, apps: readonly string[]): readonly FlushedTable[] {
  const all = database.descriptions.all().filter((entity) => database.placement.isHome(database.alias, entity));
  const chosen = all.filter(({ app, managed }) => managed && (apps.length === 0 || apps.includes(app)));
  refuseOutsiders(all, chosen);
  const tables = chosen.flatMap((entity) => {
    const { table, schema, tree, relations } = entity;
    const junctions = relations.filter(({ owning }) => owning).flatMap(({ junction }) => junction?.table ?? []);
    return [table, ...junctions, ...(tree?.closure ? [tree.closure.table] : [])].map((name) => ({ name, schema }));
  });
  return [...new Map(tables.map((table) => [`${table.schema ?? ''}.${table.name}`, table])).values()];
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
