import { afterwards } from '#core';
import {
  ForeignKeyError,
  IntegrityError,
  readReference,
  type BrokenConstraint,
  type Database,
  type EntityDescription,
  type FieldDescription,
  type UnreadReference,
} from '#orm';

import { type BoundField } from '../bound-field.js';
import { type Field, type FieldContext } from '../fields/field.js';
import { FileField, type FileValue } from '../fields/file-fields.js';
import { RelationField, RelationsField } from '../fields/relation-fields.js';
import { type FormInput } from '../form-input.js';
import { Form } from '../form.js';
import { type Cleaned } from '../form.types.js';
import { FormInvalidError, MissingServiceError, ValidationError } from '../forms.errors.js';
import { issueOf } from '../validation/field-issue.js';
import { hasRowRules, validateCandidate } from '../validation/validate-candidate.js';
import { addDatabaseIssues } from './database-issues.js';
import { hasSqlDefault } from './field-for.js';
import { copyFor, readPath, writePath } from './paths.js';
import { StoredFiles } from './stored-files.js';
import { toldBreach } from './told-breach.js';
import { addValueIssues } from './value-issues.js';
import { isWriteOnly } from './write-only.js';

/** What a form of an entity is made with. */
export interface EntityFormInput<E extends object = object> extends FormInput {
  /** The row to change; a new one is made on save when there is none. */
  readonly instance?: E;
  /**
   * Whether the row of a reference of a new one may stay unread until that is saved, which then reads it by the same
   * statement where the database can: for forms at whose values nobody looks in between. A row that is not there is an
   * error of the field in either case.
   */
  readonly postpone?: boolean;
}

/** A file that was sent. */
type Upload = Exclude<FileValue, string | null>;
type NamedUpload = readonly [name: string, upload: Upload];

/** How a row is saved. */
export interface SaveOptions<E extends object = object> {
  /** Runs inside of the transaction, after the values were assigned and before the row is written. */
  readonly before?: (row: E) => void | Promise<void>;
  /** Runs inside of the transaction, after the row and its relations were written. */
  readonly after?: (row: E) => void | Promise<void>;
  /** Inside of a transaction: false makes no savepoint, for callers that give the whole transaction up when saving fails. */
  readonly savepoint?: boolean;
}

/** A form that changes one row of an entity. Made by `formClassFor`. */
export class EntityForm<E extends object = object> extends Form {
  override readonly instance: E;
  /** Whether saving inserts a row. */
  readonly isNew: boolean;
  private savedFresh = false;
  private unread: UnreadReference | undefined;
  /** Values that the row was loaded without. */
  private missing = new Map<string, unknown>();
  private loading: Promise<void> | undefined;

  constructor(protected override readonly input: EntityFormInput<E> = {}) {
    super(input);
    this.instance = input.instance ?? new this.description.target();
    this.isNew = input.instance === undefined || !this.hasKey(input.instance);
  }

  protected override get description(): EntityDescription<E> {
    throw new MissingServiceError(this.constructor.name, 'description: make the class with formClassFor()');
  }

  override get cleaned(): Cleaned<this> & Partial<E> {
    return super.cleaned as Cleaned<this> & Partial<E>;
  }

  /** Whether the row was saved and has the values of its columns as the database has told them; nothing ran after it. */
  get isFresh(): boolean {
    return this.savedFresh;
  }

  /** The database that holds the entity. */
  protected get database(): Database {
    return this.services.database(this.description.database);
  }

  /** Validates and saves; null when something is wrong, which `errors` and `view()` then tell. */
  async trySave(options: SaveOptions<E> = {}): Promise<E | null> {
    if (!(await this.isValid())) return null;
    try {
      return await this.save(options);
    } catch (error) {
      if (error instanceof FormInvalidError && error.errors === this.errors) return null;
      throw error;
    }
  }

  /**
   * Writes the bound fields, all or nothing with the files and the many-to-many relations, and returns the row.
   * What fails leaves the row, the database and the disk as they were.
   * @throws FormInvalidError when the form is not valid, or the database refuses the values
   */
  async save({ before, after, savepoint = true }: SaveOptions<E> = {}): Promise<E> {
    const valid = await this.isValid();
    // The hook sees the row that is referred to, and may set another.
    if (valid && before) await this.readUnread();
    if (this.errors.size > 0 || !valid) throw new FormInvalidError(this.constructor.name, this.errors);
    const files = new StoredFiles();
    const previous = new Map<string, unknown>();
    const links = this.links().filter(({ changed }) => changed);
    try {
      const write = async (): Promise<void> => {
        const uploads = this.assign(this.instance, previous);
        if (uploads.length > 0) await this.storeAll(uploads, files);
        if (before) await before(this.instance);
        const fresh = await this.database.saveFresh(this.instance, { savepoint, unread: this.unread });
        if (links.length > 0) await this.saveLinks(links);
        if (after) await after(this.instance);
        this.savedFresh = fresh && !after;
      };
      const joined = savepoint && this.database.inTransaction;
      const alone = !before && !after && !joined && links.length === 0;
      await (alone ? write() : this.database.atomic(write, { savepoint }));
      this.takeRead();
      return this.instance;
    } catch (error) {
      for (const [path, value] of previous) writePath(this.instance, path, value);
      await files.discard();
      throw this.refusal(error);
    }
  }

  protected override initialOf(name: string, field: Field): unknown {
    const { initial } = this.input;
    if (initial && Object.hasOwn(initial, name)) return initial[name];
    if (this.missing.has(name)) return this.missing.get(name);
    const own = readPath(this.instance, name);
    return own === undefined && this.isNew ? field.initial : own;
  }

  /** Reads the relations and columns that the row was loaded without. */
  protected override load(): void | Promise<void> {
    if (!this.isNew) return (this.loading ??= this.loadMissing());
  }

  /** Whether to read a column that queries leave out. Values that must never be shown stay where they are. */
  protected isRead({ sensitive }: FieldDescription): boolean {
    return !sensitive;
  }

  /** Nothing was entered into a field that never shows its value. */
  protected override isSkipped(bound: BoundField): boolean {
    return super.isSkipped(bound) || this.isKept(bound) || this.isLeft(bound);
  }

  /** Only one reference can be read by the statement that saves, of a field that is not made to look at its row. */
  protected override postponing(name: string, field: Field): FieldContext['postpone'] {
    if (!this.input.postpone || !this.isNew || !isPlain(field)) return undefined;
    const relation = this.description.relation(name);
    if (!relation?.owning || (field.options.validators ?? []).length > 0 || this.hookOf(name)) return undefined;
    return (rows) => {
      if (this.unread || hasRowRules(this.description, new Set(this.fields.keys()))) return false;
      this.unread = { path: name, rows };
      return true;
    };
  }

  /** Rules of the entity and the constraints of its table. */
  protected override afterClean(): void | Promise<void> {
    this.requireStorable();
    const ruled = this.errors.size > 0 || hasRowRules(this.description, this.validNames());
    return ruled ? this.checkAll() : this.checkConstraints();
  }

  private async checkAll(): Promise<void> {
    if (this.errors.size > 0) await this.readUnread();
    const valid = this.validNames();
    if (hasRowRules(this.description, valid)) await this.checkRules(valid);
    await this.checkConstraints();
  }

  private async checkRules(valid: ReadonlySet<string>): Promise<void> {
    for (const { path, issue } of await validateCandidate(this.description, this.candidate(valid), valid))
      this.errors.add(path, issue);
  }

  private checkConstraints(): void | Promise<void> {
    const { isNew } = this;
    const valid = this.validNames();
    const fields = new Set([...valid].filter((name) => !this.errors.has(name) && !this.fields.get(name)!.locked));
    if (fields.size === 0) return;
    const candidate = (): object => this.candidate(valid);
    const broken = this.database.brokenConstraints({ row: this.instance, candidate, isNew, paths: fields });
    return afterwards(broken, (found) => (found.length > 0 ? this.tellBroken(found, fields) : undefined));
  }

  /** What breaks a constraint is told of a row that may be referred to alone: it says that there are others like it. */
  private async tellBroken(broken: readonly BrokenConstraint[], fields: ReadonlySet<string>): Promise<void> {
    if (await this.readUnread()) return this.checkConstraints();
    for (const { field, issue } of broken.map((constraint) => toldBreach(this.description, constraint, fields)))
      this.errors.add(field, issue);
  }

  private hasKey(row: E): boolean {
    return this.description.primaryKey.every((path) => {
      const value = readPath(row, path);
      return value !== undefined && value !== null && value !== '';
    });
  }

  private isKept({ name, htmlName, field }: BoundField): boolean {
    const column = this.description.field(name);
    if (this.isNew || !column || !isWriteOnly(column) || field.locked || field.required) return false;
    if (this.source.json) return (this.source.json[name] ?? '') === '';
    return (field.read(this.source, htmlName) ?? '') === '';
  }

  /**
   * Whether the input of a program leaves out what need not be there: an optional field, or one whose column has a default.
   * Pages send all of their fields, so that there nothing is left out.
   */
  private isLeft({ name, field }: BoundField): boolean {
    const sent = this.input.sent ?? (this.source.json && new Set(Object.keys(this.source.json)));
    if (!sent || sent.has(name)) return false;
    const hasDefault = this.description.field(name)?.default !== undefined;
    if (field.required && !hasDefault) return false;
    return !this.isNew || hasDefault || readPath(this.instance, name) !== undefined;
  }

  private async loadMissing(): Promise<void> {
    const columns = this.description.fields.filter(
      (column) => !column.selected && this.isRead(column) && this.isMissing(column.path),
    );
    const relations = this.description.relations.filter(({ path }) => this.fields.has(path));
    const toOne = relations.filter(({ path, kind }) => kind !== 'many-to-many' && this.isMissing(path));
    const many = relations.filter(
      ({ path, kind }) =>
        kind === 'many-to-many' && this.isTaken(path) && !Array.isArray(readPath(this.instance, path)),
    );
    if (columns.length > 0) await this.loadColumns(columns.map(({ path }) => path));
    if (toOne.length > 0) await this.loadToOne(toOne.map(({ path }) => path));
    for (const { path } of many) this.missing.set(path, await this.database.related(this.instance, path).keys());
  }

  /** Whether a field counts where only what was sent does. */
  private isTaken(path: string): boolean {
    const { partial, sent } = this.input;
    return !partial || !sent || sent.has(path);
  }

  private isMissing(path: string): boolean {
    return this.fields.has(path) && readPath(this.instance, path) === undefined;
  }

  private async loadColumns(paths: readonly string[]): Promise<void> {
    const rows = this.database.objects<object>(this.description.target).filter({ pk: this.instance });
    const row = await rows.values(...(paths as readonly never[])).first();
    for (const path of paths) this.missing.set(path, (row as Record<string, unknown> | null)?.[path] ?? null);
  }

  private async loadToOne(paths: readonly string[]): Promise<void> {
    const rows = this.database.objects(this.description.target).filter({ pk: this.instance } as never);
    const row = await rows.selectRelated(...(paths as readonly never[])).first();
    for (const path of paths) this.missing.set(path, (row && readPath(row, path)) ?? null);
  }

  private validNames(): ReadonlySet<string> {
    return new Set([...this.bindings.values()].filter(({ valid }) => valid).map(({ name }) => name));
  }

  /** The row as it would be saved, without touching the row. */
  private candidate(valid: ReadonlySet<string>): object {
    const copy = copyFor(this.instance, valid);
    for (const [name, value] of this.missing) if (this.description.field(name)) writePath(copy, name, value);
    for (const [name, value] of this.assignable()) writePath(copy, name, isUpload(value) ? value.fileName : value);
    for (const { name, value } of this.links()) writePath(copy, name, value);
    return copy;
  }

  /** The values that belong onto the row: of bound, valid, unlocked fields of the entity. */
  private *assignable(): Iterable<readonly [name: string, value: unknown]> {
    for (const bound of this.bindings.values()) {
      const { name, field, valid, value } = bound;
      const column = this.description.field(name);
      const known = column ?? this.description.relation(name);
      if (!known || !valid || field.locked || field instanceof RelationsField) continue;
      if (column?.selected === false && !this.isNew && !bound.changed) continue;
      if (this.isNew && column && field.isEmpty(value) && this.leavesToDatabase(name, value)) continue;
      yield [name, value === null && field instanceof FileField && column && !column.nullable ? '' : value];
    }
  }

  /** Whether an empty value of a new row is better filled by the column's default. */
  private leavesToDatabase(name: string, value: unknown): boolean {
    const column = this.description.field(name)!;
    if (hasSqlDefault(column)) return true;
    return column.default !== undefined && value !== false && this.bindings.get(name)!.isOmitted(this.source);
  }

  /** Puts the values on the row, but for files that have to be stored first: gives these. */
  private assign(row: E, previous: Map<string, unknown>): readonly NamedUpload[] {
    const uploads: NamedUpload[] = [];
    for (const [name, value] of this.assignable()) {
      previous.set(name, readPath(row, name));
      if (isUpload(value)) uploads.push([name, value]);
      else writePath(row, name, value);
    }
    return uploads;
  }

  private async storeAll(uploads: readonly NamedUpload[], files: StoredFiles): Promise<void> {
    for (const [name, upload] of uploads) {
      const { disk, folder = '' } = (this.fields.get(name) as FileField).options;
      writePath(this.instance, name, await files.store(this.services.disk(disk), folder, upload));
    }
  }

  /** An empty value where the column takes none, unless the database fills it. */
  private requireStorable(): void {
    for (const { name, field, valid, value } of this.bindings.values()) {
      const column = this.description.field(name);
      if (!column || column.nullable || !valid || field.locked || value !== null) continue;
      if (field instanceof FileField || (this.isNew && column.default !== undefined)) continue;
      this.addError(name, new ValidationError(issueOf('required', field.options.messages ?? {})));
    }
  }

  /** The many-to-many relations that the input may change. */
  private links(): readonly BoundField[] {
    return [...this.bindings.values()].filter(
      ({ name, field, valid }) =>
        field instanceof RelationsField && valid && !field.locked && this.description.relation(name) !== undefined,
    );
  }

  private async saveLinks(changed: readonly BoundField[]): Promise<void> {
    for (const { name, field, value, context } of changed) {
      const links = this.database.related(this.instance, name);
      await (field as RelationsField<object>).link(links, value as readonly object[], context);
    }
  }

  /** The row that was read when the form was saved is the value of its field. */
  private takeRead(): void {
    if (!this.unread) return;
    const { path } = this.unread;
    this.bindings.get(path)!.value = readPath(this.instance, path);
    this.unread = undefined;
  }

  /** Reads the row that was left to saving, and tells at its field where there is none; false where nothing was left. */
  private async readUnread(): Promise<boolean> {
    if (!this.unread) return false;
    const { unread } = this;
    this.unread = undefined;
    const row = await readReference(unread);
    if (row) this.bindings.get(unread.path)!.value = row;
    else this.refuseReference(unread);
    return true;
  }

  private refuseReference({ path }: UnreadReference): void {
    this.addError(path, new ValidationError(issueOf('relation', this.fields.get(path)!.options.messages ?? {})));
  }

  /** What the database refused, told at the fields. */
  private refusal(error: unknown): unknown {
    const fields = new Set(this.fields.keys());
    if (this.unread && isMissing(error, this.unread)) this.refuseReference(this.unread);
    else if (error instanceof IntegrityError) addDatabaseIssues(this.errors, error, this.description, fields);
    else if (!addValueIssues(this.errors, error, this.description, fields)) return error;
    return new FormInvalidError(this.constructor.name, this.errors, error);
  }
}

/** Whether a field is the framework's own, and not one that may look at the row. */
function isPlain({ constructor }: Field): boolean {
  return constructor === RelationField;
}

/** Whether a reference leads to no row. */
function isMissing(error: unknown, { path }: UnreadReference): boolean {
  return error instanceof ForeignKeyError && error.reason === 'missing' && error.fields.includes(path);
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'fileName' in value && 'open' in value;
}
