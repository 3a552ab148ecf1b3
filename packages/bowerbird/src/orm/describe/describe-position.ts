import { type EntityMetadata } from 'typeorm';

import { defaultNames } from '../migrations/schema/names.js';
import { positionNotes } from '../model/positions/position.decorator.js';
import { type EntityProblem } from './descriptions.js';
import {
  type EntityDescription,
  type IndexDescription,
  type PositionDescription,
  type RelationDescription,
} from './entity-description.js';

/** The fields and relations of an entity. */
type Properties = Pick<EntityDescription, 'fields' | 'relations'>;

/** The column that says where rows stand; undefined where there is none. */
export function describePosition({ target }: EntityMetadata): PositionDescription | undefined {
  const [note] = typeof target === 'function' ? positionNotes(target as never) : [];
  return note && Object.freeze({ path: note.property, within: note.within });
}

/** The order of rows by their positions, and by their keys where these are equal. */
export function positionOrder(
  position: PositionDescription,
  { primaryColumns }: Pick<EntityMetadata, 'primaryColumns'>,
): readonly string[] {
  const keys = primaryColumns.filter(({ isVirtual, relationMetadata }) => !isVirtual && !relationMetadata);
  return [position.path, ...keys.map(({ propertyPath }) => propertyPath)];
}

/** The index by which rows of a parent are found in their order, unless there is one over the same. */
export function positionIndexes(
  table: string,
  { path, within }: PositionDescription,
  properties: Properties,
  declared: readonly IndexDescription[],
): readonly IndexDescription[] {
  const paths = [...within, path];
  const columns = paths.map((each) => columnsOf(properties, each));
  const known = declared.some((index) => index.paths.join('\0') === paths.join('\0') && index.where === undefined);
  if (known || columns.some(({ length }) => length === 0)) return [];
  const name = defaultNames.index(table, columns.flat());
  return [Object.freeze({ name, paths: Object.freeze(paths), unique: false })];
}

/** What is wrong with the positions of an entity. */
export function positionProblems(entity: EntityDescription): readonly EntityProblem[] {
  const { position } = entity;
  if (!position) return [];
  const at = `${entity.name}.${position.path}`;
  const problem = (message: string, hint: string): EntityProblem => ({ id: 'orm.E084', message, at, hint });
  const [, second] = positionNotes(entity.target);
  return [
    ...(second
      ? [
          problem(
            `${entity.name} has two positions, ${position.path} and ${second.property}`,
            'Rows stand in one order',
          ),
        ]
      : []),
    ...position.within.flatMap((path) => {
      const reason = unfit(entity, path);
      return reason ? [problem(`${at} is within "${path}", which ${reason}`, `Name ${namesOf(entity)}`)] : [];
    }),
    ...uniqueSets(entity)
      .filter(({ paths }) => paths.includes(position.path))
      .map(({ name }) =>
        problem(
          `${at} is part of the unique set ${name}, which rows that change places would break`,
          'Take it out of the set: rows with one number are ordered by their keys',
        ),
      ),
  ];
}

function unfit(entity: EntityDescription, path: string): string | undefined {
  if (path === entity.position!.path) return 'is the position itself';
  const relation = entity.relation(path);
  if (!relation && !entity.field(path)) return `${entity.name} does not have`;
  return columnsOf(entity, path).length === 0 ? 'leads to many rows, or to one that holds the reference' : undefined;
}

function uniqueSets({ uniques, indexes }: EntityDescription): readonly { name: string; paths: readonly string[] }[] {
  return [...uniques, ...indexes.filter(({ unique }) => unique)];
}

function namesOf({ relations, fields }: EntityDescription): string {
  const owned = relations.filter(isHeld).map(({ path }) => path);
  return owned.length > 0 ? owned.join(', ') : fields.map(({ path }) => path).join(', ');
}

function columnsOf({ fields, relations }: Properties, path: string): readonly string[] {
  const relation = relations.find((candidate) => candidate.path === path);
  if (relation) return isHeld(relation) ? relation.columns.map(({ column }) => column) : [];
  return fields.filter((candidate) => candidate.path === path).map(({ column }) => column);
}

/** Whether a relation is a reference of the entity's own rows. */
function isHeld({ kind, columns }: RelationDescription): boolean {
  return kind !== 'many-to-many' && columns.length > 0;
}
