import { type EntityMetadata } from 'typeorm';

import { type Class } from '#core';

import { pathOf, rulesOfKey } from './describe-relation.js';
import { type FieldDescription, type RelationDescription } from './entity-description.js';
import { humanize } from './names.js';

/**
 * The foreign keys that are no relation (TypeORM's `@ForeignKey`). They are described like relations, under paths that no
 * property can have: the database keeps them, and deletions follow them.
 */
export function describeForeignKeys(
  metadata: EntityMetadata,
  fields: readonly FieldDescription[],
): { readonly foreignKeys?: readonly RelationDescription[] } {
  const related = new Set(metadata.relations.flatMap(({ foreignKeys }) => foreignKeys));
  const taken = new Set<string>();
  const keys = metadata.foreignKeys
    .filter((key) => !related.has(key) && typeof key.referencedEntityMetadata.target === 'function')
    .map((key): RelationDescription => {
      const paths = key.columns.map(pathOf);
      return Object.freeze({
        path: freePath(paths, taken),
        kind: 'many-to-one',
        owning: true,
        target: key.referencedEntityMetadata.target as Class,
        nullable: key.columns.some(({ isNullable }) => isNullable),
        ...rulesOfKey(key),
        columns: Object.freeze(
          key.columns.map(({ databaseName: column }, index) =>
            Object.freeze({ column, references: pathOf(key.referencedColumns[index]!) }),
          ),
        ),
        primary: false,
        unique: false,
        blank: true,
        label: paths.map((path) => fields.find((field) => field.path === path)?.label ?? humanize(path)).join(', '),
        help: '',
        editable: false,
        validators: [],
      });
    });
  return keys.length > 0 ? { foreignKeys: Object.freeze(keys) } : {};
}

/** The path of a foreign key over these paths; several over the same ones are numbered. */
function freePath(paths: readonly string[], taken: Set<string>): string {
  let path = foreignKeyPath(paths);
  for (let number = 2; taken.has(path); number += 1) path = `${foreignKeyPath(paths)} ${number}`;
  taken.add(path);
  return path;
}

/** `fk(categoryId)`: under which description and state have a foreign key without a relation. */
export function foreignKeyPath(paths: readonly string[]): string {
  return `fk(${paths.join(', ')})`;
}

/** The paths of which such a name is made, with what follows them; undefined for the path of a property. */
export function partsOfForeignKeyPath(
  path: string,
): { readonly paths: readonly string[]; readonly rest: string } | undefined {
  const [, paths, rest] = /^fk\((.*)\)( \d+)?$/.exec(path) ?? [];
  return paths === undefined ? undefined : { paths: paths.split(', '), rest: rest ?? '' };
}
