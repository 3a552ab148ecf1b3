import { DEFAULT_LENGTH } from '../../migrations/schema/column-types.js';
import { defaultNames } from '../../migrations/schema/names.js';
import { type EntityState } from '../../migrations/state/entity-state.js';
import { type ColumnFieldState, type FieldState } from '../../migrations/state/field-state.js';
import { ProjectState } from '../../migrations/state/project-state.js';
import { type DeclaredRules } from '../model/declared-index.js';
import {
  type InspectedApp,
  type InspectedColumn,
  type InspectedEntity,
  type InspectedJoin,
  type InspectedPairs,
  type InspectedReference,
} from '../model/inspected.js';
import { isOwnOfReference, isUsualUnique } from '../write/entity-source.js';

/** Digits of a decimal without sizes, as entities have them. */
const USUAL_DECIMAL = { precision: 19, scale: 4 } as const;

/**
 * The state that the written entities will have: what `describeState` says of them once they are compiled. Entities that
 * migrations leave alone take part only where others refer to them, and then without their own references.
 */
export function inspectedState({ name: app, entities }: InspectedApp): ProjectState {
  const managed = entities.filter((entity) => entity.managed);
  const needed = new Set(
    managed.flatMap(({ references, pairs }) => [...references, ...pairs].map(({ target }) => target)),
  );
  const left = entities.filter((entity) => !entity.managed && needed.has(entity.name));
  return ProjectState.of([
    ...managed.map((entity) => entityState(app, entity)),
    ...left.map((entity): EntityState => {
      const bare = entityState(app, { ...entity, references: [], pairs: [] });
      return { ...bare, managed: false, uniques: [], indexes: [], checks: [] };
    }),
  ]);
}

/** The state of one entity, whoever manages it. */
export function entityState(app: string, entity: InspectedEntity): EntityState {
  const { name, table, primaryKey, columns, references, pairs } = entity;
  const fields: [string, FieldState][] = [
    ...columns.map((column): [string, FieldState] => [column.property, columnState(column)]),
    ...references.map((reference): [string, FieldState] => [reference.property, referenceState(app, reference)]),
    ...pairs.map((each): [string, FieldState] => [each.property, pairsState(app, each)]),
  ];
  const keys = table.primaryKey?.columns ?? [];
  const isKey = (path: string) => columns.some(({ property, primary }) => primary && property === path);
  const rank = (path: string) => keys.indexOf(columns.find(({ property }) => property === path)!.column.name);
  const first = fields.filter(([path]) => isKey(path)).sort(([left], [right]) => rank(left) - rank(right));
  return {
    app,
    name,
    table: table.name,
    ...(table.schema !== undefined && { schema: table.schema }),
    ...(primaryKey !== undefined && { primaryKey }),
    fields: Object.fromEntries([...first, ...fields]),
    ...partsState(entity),
    ...(entity.managed && table.comment !== '' && { comment: table.comment }),
  };
}

function partsState(entity: InspectedEntity): Pick<EntityState, 'uniques' | 'indexes' | 'checks' | 'exclusions'> {
  const { table, uniques, indexes, checks, exclusions } = entity;
  const named = (name: string, usual: boolean) => (usual || name === '' ? {} : { name });
  return {
    uniques: uniques
      .filter((set) => !isOwnOfReference(entity, set))
      .map(({ name, paths, columns }) => ({ ...named(name, isUsualUnique(table.name, name, columns)), fields: paths })),
    indexes: indexes.map(({ name, paths, columns, unique, where, fullText, rules }) => ({
      ...named(name, !rules?.expressions && name === defaultNames.index(table.name, [...columns], where)),
      fields: paths,
      ...(rules && rulesState(paths, rules)),
      ...(unique && { unique }),
      ...(where !== undefined && { where }),
      ...(fullText && { fullText }),
    })),
    checks: checks.map(({ name, expression }) => ({
      ...named(name, name === defaultNames.check(table.name, expression)),
      expression,
    })),
    ...(exclusions.length > 0 && {
      exclusions: exclusions.map(({ name, expression }) => ({
        ...named(name, name === defaultNames.exclusion(table.name, expression)),
        expression,
      })),
    }),
  };
}

/** What only `@TableIndex` says. The type of SQL is not known. */
function rulesState(
  paths: readonly string[],
  { expressions, descending, operators, using }: DeclaredRules,
): Partial<EntityState['indexes'][number]> {
  return {
    ...(expressions && { expressions: expressions.map((sql) => ({ sql, type: { kind: 'string' as const } })) }),
    ...(descending && { descending: paths.filter((_, place) => descending[place]) }),
    ...(operators && { operators }),
    ...(using !== undefined && { using }),
  };
}

function columnState(column: InspectedColumn): ColumnFieldState {
  const { property, type, primary, nullable, updated, enum: values } = column;
  const { name, comment, expression, generated } = column.column;
  const made = updated
    ? 'updated'
    : generated === 'increment'
      ? generated
      : expression === undefined
        ? false
        : 'expression';
  return {
    kind: type.kind,
    ...(name !== property && { column: name }),
    ...(primary && { primary }),
    ...(made && { generated: made }),
    ...(expression !== undefined && { expression }),
    ...(generated === 'virtual' && { virtual: true as const }),
    ...sizesState(column),
    ...(values && type.kind === 'enum' && { values: values.members.map(({ value }) => value) }),
    ...(type.types && { types: type.types }),
    ...(nullable && { nullable }),
    ...(column.default && { default: 'sql' in column.default ? { sql: column.default.sql } : column.default.value }),
    ...(comment !== '' && { comment }),
  };
}

function sizesState({ type }: InspectedColumn): Partial<ColumnFieldState> {
  const { kind, name, length, precision, scale, array } = type;
  if (array) return { native: `${name}[]` };
  if (kind === 'decimal') return precision === undefined ? USUAL_DECIMAL : { precision, scale: scale ?? 0 };
  const sized = (kind === 'string' || kind === 'enum') && length !== undefined && length !== DEFAULT_LENGTH;
  return { ...(sized && { length }), ...(precision !== undefined && { precision }) };
}

function referenceState(app: string, reference: InspectedReference): FieldState {
  const { kind, target, columns, nullable, onDelete, name, onUpdate, deferrable, index } = reference;
  return {
    kind,
    target: `${app}.${target}`,
    columns: columnMap(columns),
    ...(nullable && { nullable }),
    ...(onDelete !== 'no-action' && { onDelete }),
    ...(name !== undefined && { name }),
    ...(onUpdate && { onUpdate }),
    ...(deferrable && { deferrable }),
    ...(index === false && { index }),
  };
}

function pairsState(app: string, pairs: InspectedPairs): FieldState {
  const { target, table, schema, from, to, primaryKey, fromKey, toKey } = pairs;
  return {
    kind: 'many-to-many',
    target: `${app}.${target}`,
    table,
    ...(schema !== undefined && { schema }),
    from: columnMap(from),
    to: columnMap(to),
    ...(primaryKey !== undefined && { primaryKey }),
    ...(fromKey && { fromKey }),
    ...(toKey && { toKey }),
  };
}

function columnMap(columns: readonly InspectedJoin[]): Record<string, string> {
  return Object.fromEntries(columns.map(({ column, references }) => [column, references]));
}
