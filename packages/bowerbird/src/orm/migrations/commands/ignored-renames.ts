import { CommandError } from '#core';

import { type NewMigration } from '../autodetector/assemble.js';
import { CreateEntity, DropEntity } from '../operations/entity.operations.js';
import { AddField, RemoveField } from '../operations/field.operations.js';
import { type Operation } from '../operations/operation.js';
import { resolveKey } from '../state/entity-state.js';

/**
 * A rename that somebody asked for must not turn into a removal: names are mistyped, and values of one sort cannot live on in
 * a field of another.
 * @param renames those that were given and not taken: `shop.Product.title:name`, `shop.Item:Product`
 * @throws CommandError
 */
export function refuseIgnoredRenames(renames: readonly string[], migrations: readonly NewMigration[]): void {
  const touched = new Set(
    migrations.flatMap(({ app, operations }) => operations.flatMap((operation) => subjectOf(operation, app) ?? [])),
  );
  const ignored = renames.find((rename) => endsOf(rename).some((name) => touched.has(name)));
  if (ignored === undefined) return;
  throw new CommandError(`Nothing can be renamed by ${ignored}, and what it names would be removed or added instead`, {
    hint: `Correct the names; a field becomes one of the same sort only. To remove and add nevertheless: --replace ${ignored}`,
  });
}

/** What an operation makes or removes, by its full name. */
function subjectOf(operation: Operation, app: string): string | undefined {
  if (operation instanceof AddField || operation instanceof RemoveField)
    return `${resolveKey(app, operation.entity)}.${operation.path}`;
  if (operation instanceof CreateEntity || operation instanceof DropEntity) return resolveKey(app, operation.name);
  return undefined;
}

/** The full names of what a rename leads from and to. */
function endsOf(rename: string): readonly string[] {
  const [from = '', to = ''] = rename.split(':');
  const owner = from.split('.').slice(0, -1).join('.');
  return [from, to.includes('.') ? to : `${owner}.${to}`];
}
