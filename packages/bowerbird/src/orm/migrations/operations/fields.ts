import { type FieldKind } from '../../describe/entity-description.js';
import { resolveKey } from '../state/entity-state.js';
import {
  isColumn,
  isJunction,
  type ColumnFieldState,
  type FieldState,
  type JunctionFieldState,
  type ReferenceFieldState,
} from '../state/field-state.js';
import { Call } from './call.js';

/** What a migration says of a plain column. */
export type ColumnFieldOptions = Omit<ColumnFieldState, 'kind'>;

/** What a migration says of a reference. */
export type ReferenceFieldOptions = Omit<ReferenceFieldState, 'kind' | 'target'>;

/** What a migration says of a many-to-many relation. */
export type JunctionFieldOptions = Omit<JunctionFieldState, 'kind' | 'target'>;

const column =
  (kind: FieldKind) =>
  (options: ColumnFieldOptions = {}): ColumnFieldState => ({ kind, ...options });

/** The fields of migrations: one function per kind. */
export const fieldBuilders = {
  /** A counting integer key. */
  id: (options: ColumnFieldOptions = {}): ColumnFieldState => ({
    kind: 'integer',
    primary: true,
    generated: 'increment',
    ...options,
  }),
  string: column('string'),
  text: column('text'),
  integer: column('integer'),
  bigint: column('bigint'),
  float: column('float'),
  decimal: column('decimal'),
  boolean: column('boolean'),
  date: column('date'),
  time: column('time'),
  datetime: column('datetime'),
  uuid: column('uuid'),
  json: column('json'),
  enum: column('enum'),
  binary: column('binary'),
  /** A reference to a row of another entity: `Entity` of the same app, or `app.Entity`. */
  manyToOne: (target: string, options: ReferenceFieldOptions): ReferenceFieldState => ({
    kind: 'many-to-one',
    target,
    ...options,
  }),
  /** A reference that no two rows may share. */
  oneToOne: (target: string, options: ReferenceFieldOptions): ReferenceFieldState => ({
    kind: 'one-to-one',
    target,
    ...options,
  }),
  /** A table of pairs. */
  manyToMany: (target: string, options: JunctionFieldOptions): JunctionFieldState => ({
    kind: 'many-to-many',
    target,
    ...options,
  }),
} as const;

/** The field with the full key of its target. */
export function resolveField(app: string, field: FieldState): FieldState {
  return isColumn(field) ? field : { ...field, target: resolveKey(app, field.target) };
}

/** All fields of an entity with the full keys of their targets. */
export function resolveFields(app: string, fields: Readonly<Record<string, FieldState>>): Record<string, FieldState> {
  return Object.fromEntries(Object.entries(fields).map(([path, field]) => [path, resolveField(app, field)]));
}

/** How a migration file of `app` writes a field. */
export function fieldCall(app: string, field: FieldState): Call {
  if (isColumn(field)) return columnCall(field);
  const { kind, target, ...options } = field;
  const callee = isJunction(field) ? 'manyToMany' : kind === 'one-to-one' ? 'oneToOne' : 'manyToOne';
  return new Call(callee, [target.startsWith(`${app}.`) ? target.slice(app.length + 1) : target, options]);
}

function columnCall({ kind, ...options }: ColumnFieldState): Call {
  const { primary, generated, ...rest } = options;
  const isId = kind === 'integer' && primary === true && generated === 'increment';
  const given = isId ? rest : options;
  return new Call(isId ? 'id' : kind, Object.keys(given).length > 0 ? [given] : []);
}

/** How a migration file writes all fields of an entity. */
export function fieldCalls(app: string, fields: Readonly<Record<string, FieldState>>): Record<string, Call> {
  return Object.fromEntries(Object.entries(fields).map(([path, field]) => [path, fieldCall(app, field)]));
}
