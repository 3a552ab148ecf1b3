import { type OnlineOptions } from '../schema/online-editor.js';
import { type CheckState, type ExclusionState, type IndexState, type UniqueState } from '../state/entity-state.js';
import { type FieldState } from '../state/field-state.js';
import { ChangeData, type DataWork } from './data.operations.js';
import {
  CommentTable,
  CreateEntity,
  DropEntity,
  RenameEntity,
  RenameTable,
  SetManaged,
  type EntityOptions,
} from './entity.operations.js';
import { CreateExtension } from './extension.operations.js';
import { AddField, AlterField, RemoveField, RenameField, type FieldChangeOptions } from './field.operations.js';
import { fieldBuilders } from './fields.js';
import { ChangeKey, type KeyOptions } from './key.operations.js';
import { AdoptEntity, LinkEntity, type LinkOptions } from './moving.operations.js';
import { type Operation } from './operation.js';
import {
  AddCheck,
  AddExclusion,
  AddIndex,
  AddUnique,
  RemoveCheck,
  RemoveExclusion,
  RemoveIndex,
  RemoveUnique,
} from './part.operations.js';
import { RunCode, RunSql, type MigrationWork, type RawOptions, type SqlTexts } from './raw.operations.js';
import { CreateSchema, MoveTable } from './schema.operations.js';
import { DatabaseOnly, StateOnly } from './separate.operations.js';
import { Online, Reviewed } from './wrapped.operations.js';

/** Everything that a migration file is written with: the kinds of fields, and the operations. */
export const ops = {
  ...fieldBuilders,

  /** Creates the table of a new entity. */
  createEntity: (name: string, options: EntityOptions) => new CreateEntity(name, options),
  /** Drops the table of an entity with all its rows. */
  dropEntity: (name: string) => new DropEntity(name),
  /** Renames an entity, and its table when one is given; rows stay. */
  renameEntity: (from: string, to: string, options?: { readonly table?: string }) =>
    new RenameEntity(from, to, options),
  /** Takes an entity over from another app: its table and its rows stay, references follow. */
  adoptEntity: (from: string, options?: { readonly name?: string; readonly table?: string }) =>
    new AdoptEntity(from, options),
  /** Makes an entity of the pairs of a many-to-many relation; the links stay. */
  linkEntity: (entity: string, path: string, name: string, options: LinkOptions) =>
    new LinkEntity(entity, path, name, options),
  /** Renames the table of an entity. */
  renameTable: (entity: string, table: string) => new RenameTable(entity, table),
  /** Moves the table of an entity to another schema of PostgreSQL; `null` for that of the connection. */
  moveTable: (entity: string, schema: string | null) => new MoveTable(entity, schema),
  /** Makes a schema of PostgreSQL, unless it is there. Nothing elsewhere. */
  createSchema: (name: string) => new CreateSchema(name),
  /** Hands a table over to migrations, or away from them, without touching it. */
  setManaged: (entity: string, managed: boolean) => new SetManaged(entity, managed),

  /** Adds a field; `fill` is the value for the rows that exist. */
  addField: (entity: string, path: string, field: FieldState, options?: FieldChangeOptions) =>
    new AddField(entity, path, field, options),
  /** Removes a field with its values. */
  removeField: (entity: string, path: string) => new RemoveField(entity, path),
  /** Changes a field; every value stays. */
  alterField: (entity: string, path: string, field: FieldState, options?: FieldChangeOptions) =>
    new AlterField(entity, path, field, options),
  /** Renames a field, and its column where that is named after it. */
  renameField: (entity: string, from: string, to: string) => new RenameField(entity, from, to),

  /** Changes the primary key: `fields` are the new one, and what stays of the old one; `remove` is what goes. */
  changeKey: (entity: string, options: KeyOptions) => new ChangeKey(entity, options),

  /** Makes fields unique together. */
  addUnique: (entity: string, unique: UniqueState) => new AddUnique(entity, unique),
  removeUnique: (entity: string, unique: UniqueState) => new RemoveUnique(entity, unique),
  addIndex: (entity: string, index: IndexState) => new AddIndex(entity, index),
  removeIndex: (entity: string, index: IndexState) => new RemoveIndex(entity, index),
  /** Adds a condition in SQL that each row keeps. */
  addCheck: (entity: string, check: CheckState) => new AddCheck(entity, check),
  removeCheck: (entity: string, check: CheckState) => new RemoveCheck(entity, check),

  /** Says that somebody has looked at what an operation destroys or blocks, and why that is right. */
  reviewed: (operation: Operation, reason: string) => new Reviewed(operation, reason),
  /**
   * Lets others go on reading and writing meanwhile, where the database can do that: indexes concurrently, … With an
   * `algorithm` MySQL and MariaDB refuse what they cannot do so.
   */
  online: (operation: Operation, options?: OnlineOptions) => new Online(operation, options),

  /** Tells what has become of the entities, and leaves the tables as they are. */
  stateOnly: (...operations: readonly Operation[]) => new StateOnly(operations),
  /** Changes the tables, and leaves what is known of the entities as it is. */
  databaseOnly: (...operations: readonly Operation[]) => new DatabaseOnly(operations),

  /** Adds a condition that no two rows keep together: `USING gist (room WITH =, during WITH &&)`. PostgreSQL only. */
  addExclusion: (entity: string, exclusion: ExclusionState) => new AddExclusion(entity, exclusion),
  removeExclusion: (entity: string, exclusion: ExclusionState) => new RemoveExclusion(entity, exclusion),
  /** Gives a table a comment, or none. */
  commentTable: (entity: string, comment: string | null) => new CommentTable(entity, comment),

  /** Has PostgreSQL load an extension that columns or constraints need: `btree_gist`, `citext`. Nothing elsewhere. */
  extension: (name: string) => new CreateExtension(name),

  /** Runs SQL: one text, several, or one per database; the second argument takes it back. */
  sql: (forward: SqlTexts, backward?: SqlTexts, options?: RawOptions) => new RunSql(forward, backward, options),
  /** Changes rows in batches, each in a transaction of its own; after a crash it goes on behind the last one. */
  data: (entity: string, work: DataWork) => new ChangeData(entity, work),
  /** Runs code on the connection of the migration; the second argument takes it back. */
  code: (forward: MigrationWork, backward?: MigrationWork, options?: RawOptions) =>
    new RunCode(forward, backward, options),
} as const;
