import { foreignKeyPath, partsOfForeignKeyPath } from '../../describe/describe-foreign-keys.js';
import { MigrationStateError } from '../migrations.errors.js';
import { columnNames } from '../schema/column-resolver.js';
import { type ChangeHints } from '../schema/schema-change.js';
import {
  entityKey,
  resolveKey,
  tableOfEntity,
  tableOfPairs,
  type EntityState,
  type IndexState,
  type UniqueState,
} from '../state/entity-state.js';
import { isColumn, isJunction, isReference, type FieldState } from '../state/field-state.js';
import { fieldOf, type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { fieldCall, resolveField } from './fields.js';
import { Operation, type OperationPlace } from './operation.js';
import { renamedTexts } from './renamed-texts.js';
import { slug } from './slug.js';

/** What an operation on a field may say beside the field. */
export interface FieldChangeOptions {
  /** The value for existing rows that would have none: a literal or `{ sql }`. Not kept as a default. */
  readonly fill?: unknown;
  /** Let the database round, cut or convert values that do not fit, instead of refusing. */
  readonly lossy?: boolean;
}

/** Adds a field: a column, a reference, or a table of pairs. */
export class AddField extends Operation {
  constructor(
    readonly entity: string,
    readonly path: string,
    readonly field: FieldState,
    readonly options: FieldChangeOptions = {},
  ) {
    super();
  }

  get title(): string {
    return `Add field ${this.path} to ${this.entity}`;
  }

  get slug(): string {
    return `${slug(this.entity)}_${slug(this.path)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const key = resolveKey(app, this.entity);
    const field = resolveField(app, this.field);
    if (!isColumn(field)) state.get(field.target);
    return state.replace(key, (entity) => {
      if (entity.fields[this.path]) throw new MigrationStateError(`${key} has a field "${this.path}" already`);
      return { ...entity, fields: { ...entity.fields, [this.path]: field } };
    });
  }

  call(app: string): Call {
    return new Call('addField', [this.entity, this.path, fieldCall(app, this.field), ...given(this.options)]);
  }

  override hints({ app, after }: OperationPlace): ChangeHints {
    return fillHints(after, after.get(resolveKey(app, this.entity)), this.path, this.options);
  }
}

/** Removes a field with its values. Going back gives rows the default, or the empty value of the kind. */
export class RemoveField extends Operation {
  constructor(
    readonly entity: string,
    readonly path: string,
  ) {
    super();
  }

  get title(): string {
    return `Remove field ${this.path} from ${this.entity}`;
  }

  get slug(): string {
    return `remove_${slug(this.entity)}_${slug(this.path)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    return state.replace(resolveKey(app, this.entity), (entity) => {
      fieldOf(entity, this.path);
      const user = [...entity.uniques, ...entity.indexes].find((part) => namesOf(part).includes(this.path));
      if (user)
        throw new MigrationStateError(`An index or unique set of ${entityKey(entity)} still uses "${this.path}"`);
      const { [this.path]: _, ...fields } = entity.fields;
      return { ...entity, fields };
    });
  }

  call(): Call {
    return new Call('removeField', [this.entity, this.path]);
  }
}

/** Changes a field: type, nullability, default, target, delete rule, column name. Values stay. */
export class AlterField extends Operation {
  constructor(
    readonly entity: string,
    readonly path: string,
    readonly field: FieldState,
    readonly options: FieldChangeOptions = {},
  ) {
    super();
  }

  get title(): string {
    return `Alter field ${this.path} of ${this.entity}`;
  }

  get slug(): string {
    return `alter_${slug(this.entity)}_${slug(this.path)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const field = resolveField(app, this.field);
    if (!isColumn(field)) state.get(field.target);
    const key = resolveKey(app, this.entity);
    const altered = state.replace(key, (entity) => {
      if (isJunction(fieldOf(entity, this.path)) !== isJunction(field)) {
        throw new MigrationStateError(
          `${entityKey(entity)}.${this.path} cannot turn from or into a many-to-many relation`,
        );
      }
      return { ...entity, fields: { ...entity.fields, [this.path]: field } };
    });
    const { columns } = renameHints(state, state.get(key), altered, altered.get(key), this.path);
    const names = columns?.get(tableOfEntity(altered.get(key)));
    return names ? altered.replace(key, (entity) => renamedTexts(entity, names)) : altered;
  }

  call(app: string): Call {
    return new Call('alterField', [this.entity, this.path, fieldCall(app, this.field), ...given(this.options)]);
  }

  override hints({ app, before, after }: OperationPlace): ChangeHints {
    const key = resolveKey(app, this.entity);
    const [from, to] = [before.get(key), after.get(key)];
    const renamed = renameHints(before, from, after, to, this.path);
    return { ...fillHints(after, to, this.path, this.options), ...renamed };
  }
}

/** Gives a field another path, and its column with it where the column is named after the path. */
export class RenameField extends Operation {
  constructor(
    readonly entity: string,
    readonly from: string,
    readonly to: string,
  ) {
    super();
  }

  get title(): string {
    return `Rename field ${this.from} of ${this.entity} to ${this.to}`;
  }

  get slug(): string {
    return `rename_${slug(this.entity)}_${slug(this.from)}_${slug(this.to)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const key = resolveKey(app, this.entity);
    const renamed = state.replace(key, (entity) => this.renameIn(entity));
    return renamed.map((entity) => this.follow(entity, key));
  }

  call(): Call {
    return new Call('renameField', [this.entity, this.from, this.to]);
  }

  override hints({ app, before, after }: OperationPlace): ChangeHints {
    const key = resolveKey(app, this.entity);
    const field = fieldOf(before.get(key), this.from);
    if (!isColumn(field) || field.column !== undefined) return {};
    return { columns: new Map([[tableOfEntity(after.get(key)), new Map([[this.from, this.to]])]]) };
  }

  private renameIn(entity: EntityState): EntityState {
    fieldOf(entity, this.from);
    if (entity.fields[this.to]) throw new MigrationStateError(`${entityKey(entity)} has a field "${this.to}" already`);
    const rename = (path: string): string => {
      const key = partsOfForeignKeyPath(path);
      if (key) return `${foreignKeyPath(key.paths.map(rename))}${key.rest}`;
      return path === this.from ? this.to : path;
    };
    const field = fieldOf(entity, this.from);
    const follows = isColumn(field) && field.column === undefined;
    const inFields = <T extends UniqueState | IndexState>(part: T): T =>
      namesOf(part).includes(this.from)
        ? {
            ...part,
            fields: part.fields.map(rename),
            ...(part.include && { include: part.include.map(rename) }),
            ...('descending' in part && part.descending && { descending: part.descending.map(rename) }),
          }
        : part;
    const renamed = {
      ...entity,
      fields: Object.fromEntries(
        Object.entries(entity.fields).map(([path, each]) => [rename(path), follows ? this.onColumn(each) : each]),
      ),
      uniques: entity.uniques.map(inFields),
      indexes: entity.indexes.map(inFields),
    };
    return follows ? renamedTexts(renamed, new Map([[this.from, this.to]])) : renamed;
  }

  /** A reference over the column of the field follows its new name. */
  private onColumn(field: FieldState): FieldState {
    if (!isReference(field) || field.columns[this.from] === undefined) return field;
    const columns = Object.entries(field.columns).map(([name, path]) => [name === this.from ? this.to : name, path]);
    return { ...field, columns: Object.fromEntries(columns) as typeof field.columns };
  }

  /** References of others name the path that they refer to. */
  private follow(entity: EntityState, key: string): EntityState {
    const entries = Object.entries(entity.fields).map(([path, field]): [string, FieldState] => [
      path,
      this.followField(field, key, entityKey(entity) === key),
    ]);
    const same = entries.every(([path, field]) => entity.fields[path] === field);
    return same ? entity : { ...entity, fields: Object.fromEntries(entries) };
  }

  private followField(field: FieldState, key: string, own: boolean): FieldState {
    const rename = (columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
      Object.values(columns).includes(this.from)
        ? Object.fromEntries(Object.entries(columns).map(([name, path]) => [name, path === this.from ? this.to : path]))
        : columns;
    if (isReference(field) && field.target === key) {
      const columns = rename(field.columns);
      return columns === field.columns ? field : { ...field, columns };
    }
    if (!isJunction(field)) return field;
    const from = own ? rename(field.from) : field.from;
    const to = field.target === key ? rename(field.to) : field.to;
    return from === field.from && to === field.to ? field : { ...field, from, to };
  }
}

function given({ fill, lossy }: FieldChangeOptions): readonly FieldChangeOptions[] {
  const options = { ...(fill !== undefined && { fill }), ...(lossy && { lossy }) };
  return Object.keys(options).length > 0 ? [options] : [];
}

function fillHints(
  state: ProjectState,
  entity: EntityState,
  path: string,
  { fill, lossy }: FieldChangeOptions,
): ChangeHints {
  if (fill === undefined || isJunction(fieldOf(entity, path))) return lossy ? { lossy } : {};
  const columns = columnNames(state, entity, [path]);
  return { fills: new Map(columns.map((name) => [`${tableOfEntity(entity)}.${name}`, fill])), ...(lossy && { lossy }) };
}

/** Columns and pair tables keep their rows under new names; their order says which became which. */
function renameHints(
  before: ProjectState,
  from: EntityState,
  after: ProjectState,
  to: EntityState,
  path: string,
): ChangeHints {
  const [old, now] = [fieldOf(from, path), fieldOf(to, path)];
  if (isJunction(old) && isJunction(now)) {
    const pairs = (state: typeof old) => [...Object.keys(state.from), ...Object.keys(state.to)];
    const table = tableOfPairs(to, now);
    return {
      tables: new Map([[tableOfPairs(from, old), table]]),
      columns: new Map([[table, zip(pairs(old), pairs(now))]]),
    };
  }
  if (isJunction(old) || isJunction(now)) return {};
  const names = zip(columnNames(before, from, [path]), columnNames(after, to, [path]));
  return { columns: new Map([[tableOfEntity(to), names]]) };
}

/** The fields that a unique set or an index is made of, or carries. */
function namesOf({ fields, include = [] }: UniqueState | IndexState): readonly string[] {
  return [...fields, ...include];
}

function zip(from: readonly string[], to: readonly string[]): ReadonlyMap<string, string> {
  if (from.length !== to.length) return new Map();
  return new Map(from.map((name, index) => [name, to[index]!]));
}
