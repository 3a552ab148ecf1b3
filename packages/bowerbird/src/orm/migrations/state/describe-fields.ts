import { type AnyClass } from '#core';

import {
  type EntityDescription,
  type FieldDescription,
  type RelationColumn,
  type RelationDescription,
} from '../../describe/entity-description.js';
import { type ColumnFieldState, type FieldState } from './field-state.js';

/** Finds the description whose table holds an entity. */
export interface TargetLookup {
  /** Undefined for entities that migrations do not know. */
  known(target: AnyClass): EntityDescription | undefined;
  /** Also those. */
  any(target: AnyClass): EntityDescription | undefined;
}

/** All fields of an entity: columns, references and pair tables that it declares. */
export function describeFields(description: EntityDescription, lookup: TargetLookup): Record<string, FieldState> {
  const fields = description.fields.map((field): [string, FieldState] => [field.path, columnState(field)]);
  const relations = [...description.relations, ...keptKeys(description, lookup)].flatMap((relation) =>
    relationStates(relation, description, lookup),
  );
  const hidden = [...discriminatorState(description), ...treeStates(description)];
  return inKeyOrder(description, Object.fromEntries([...fields, ...hidden, ...relations]));
}

/** Foreign keys to tables that migrations know; their columns are fields already. */
function keptKeys({ foreignKeys = [] }: EntityDescription, { known }: TargetLookup): readonly RelationDescription[] {
  return foreignKeys.filter(({ target }) => known(target));
}

/** Key columns come first, in the order of the key: the order of the primary key follows from it. */
function inKeyOrder({ primaryKey }: EntityDescription, fields: Record<string, FieldState>): Record<string, FieldState> {
  const keys = primaryKey.filter((path) => fields[path]);
  return { ...Object.fromEntries(keys.map((path) => [path, fields[path]!])), ...fields };
}

function columnState(field: FieldDescription): ColumnFieldState {
  const { path, column, kind, generated, comment, expression, virtual } = field;
  const value = defaultOf(field);
  return {
    kind,
    ...(column !== path && { column }),
    ...(field.primary && { primary: true }),
    ...(generated && { generated }),
    ...(expression !== undefined && { expression }),
    ...(virtual && { virtual }),
    ...sizeOf(field),
    ...(field.nullable && { nullable: true }),
    ...(value !== undefined && { default: value }),
    ...(comment !== '' && { comment }),
  };
}

function sizeOf({ kind, nativeType, types, length, precision, scale, choices }: FieldDescription) {
  if (nativeType !== undefined) return { native: nativeType, ...(types && { types }) };
  const sized = (kind === 'string' || kind === 'enum') && length !== 255;
  return {
    ...(sized && length !== undefined && { length }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(kind === 'enum' && choices && { values: choices.map(({ value }) => value) }),
    ...(types && { types }),
  };
}

/** Dates that the database sets by itself need no default of their own; what JSON cannot hold becomes text. */
function defaultOf({ default: value, generated, kind }: FieldDescription): unknown {
  if (value === undefined || value === null) return undefined;
  if ((generated === 'created' || generated === 'updated') && kind === 'datetime') return undefined;
  return typeof value === 'object' ? (JSON.parse(JSON.stringify(value)) as unknown) : value;
}

function relationStates(
  relation: RelationDescription,
  { schema: beside }: EntityDescription,
  lookup: TargetLookup,
): [string, FieldState][] {
  const { path, kind, owning, junction } = relation;
  if (!owning || kind === 'one-to-many') return [];
  const target = lookup.known(relation.target);
  if (kind === 'many-to-many') {
    if (!target || !junction) return [];
    const { table, schema, ownColumns, targetColumns, primaryKeyName, ownKey, targetKey } = junction;
    const pairs = { from: columnMap(ownColumns), to: columnMap(targetColumns) };
    const rules = {
      ...(primaryKeyName !== undefined && { primaryKey: primaryKeyName }),
      ...(ownKey && { fromKey: ownKey }),
      ...(targetKey && { toKey: targetKey }),
      ...(relation.enforced === false && { constraint: false as const }),
    };
    const place = { table, ...(schema !== beside && { schema }) };
    return [[path, { kind, target: `${target.app}.${target.name}`, ...place, ...pairs, ...rules }]];
  }
  if (!target) return looseColumns(relation, lookup.any(relation.target));
  return [
    [
      path,
      {
        kind,
        target: `${target.app}.${target.name}`,
        columns: columnMap(relation.columns),
        ...(relation.primary && { primary: true }),
        ...(relation.nullable && { nullable: true }),
        ...(relation.onDelete !== 'no-action' && { onDelete: relation.onDelete }),
        ...relation.constraint,
        ...(relation.enforced === false && { constraint: false }),
      },
    ],
  ];
}

/** A reference to an entity of which migrations know nothing: its columns alone, without a foreign key. */
function looseColumns(relation: RelationDescription, target: EntityDescription | undefined): [string, FieldState][] {
  return relation.columns.flatMap(({ column, references }): [string, FieldState][] => {
    const referenced = target?.field(references);
    if (!referenced) return [];
    const { kind } = referenced;
    const rules = { ...(relation.primary && { primary: true }), ...(relation.nullable && { nullable: true }) };
    return [[`${relation.path}.${references}`, { kind, column, ...sizeOf(referenced), ...rules }]];
  });
}

function columnMap(columns: readonly RelationColumn[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map(({ column, references }) => [column, references]));
}

/** The column by which TypeORM tells the entities of one table apart, unless the entity declares it. */
function discriminatorState({ inheritance, fields }: EntityDescription): [string, FieldState][] {
  if (!inheritance || fields.some(({ column }) => column === inheritance.column)) return [];
  return [[inheritance.column, { kind: 'string' }]];
}

/** The columns, or the table of pairs, in which TypeORM keeps the shape of a tree. */
function treeStates({ app, name, schema: beside, tree }: EntityDescription): [string, FieldState][] {
  const { path, bounds, closure } = tree ?? {};
  if (path !== undefined) return [[path, { kind: 'text', nullable: true, default: '' }]];
  if (bounds) return bounds.map((column, index) => [column, { kind: 'integer', default: index + 1 }]);
  if (!closure) return [];
  const { table, schema, ancestors, descendants } = closure;
  const place = { table, ...(schema !== beside && { schema }) };
  const pairs = { from: columnMap(ancestors), to: columnMap(descendants) };
  return [[table, { kind: 'many-to-many', target: `${app}.${name}`, ...place, ...pairs }]];
}
