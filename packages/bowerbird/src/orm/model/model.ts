import { type Class } from '#core';

import { type Database, type SaveOptions } from '../connection/database.js';
import { type OwnPath } from '../query/path.types.js';
import { databaseOf } from './database-of.js';

/**
 * A base for entities whose rows save themselves (Django's `Model`). Optional: whatever it does, {@link Database} does
 * for any entity. It works inside of a request, a job, a command or a test.
 *
 * @example
 * class Post extends Model {
 *   static readonly objects = manager(Post);
 *   @PrimaryGeneratedColumn() id: number;
 * }
 * await Post.objects.filter({ id: 3 }).first();
 */
export abstract class Model {
  /**
   * Inserts or updates the row; with `fields` only those are stored, whatever others have changed meanwhile.
   * @throws IntegrityError, StaleRowError, DoesNotExistError, NoContextError
   */
  async save({ fields, force, validate }: SaveOptions<this> = {}): Promise<this> {
    await databaseOfRow(this).save<object>(this, { fields, force, validate });
    return this;
  }

  /** Deletes the row; one with a deletion date is only marked as deleted. @throws ForeignKeyError, NoContextError */
  async delete(): Promise<void> {
    await databaseOfRow(this).remove(this);
  }

  /** Deletes the row for good, also where it has a deletion date. @throws ForeignKeyError, NoContextError */
  async forceDelete(): Promise<void> {
    await databaseOfRow(this).forceRemove(this);
  }

  /** Takes the mark of deletion away. @throws NoContextError */
  async restore(): Promise<void> {
    await databaseOfRow(this).restore(this);
  }

  /**
   * Reads some fields and relations of the row again, or its columns and those relations to one row that are loaded.
   * @throws DoesNotExistError, NoContextError
   */
  async refresh(fields?: readonly OwnPath<this>[]): Promise<this> {
    await databaseOfRow(this).refresh<object>(this, fields);
    return this;
  }

  /** A copy that is not stored yet: without the key, the version, the dates and lists of related rows. @throws NoContextError */
  replicate(): this {
    return databaseOfRow(this).replicate(this);
  }
}

function databaseOfRow(row: object): Database {
  return databaseOf(classOf(row), row);
}

function classOf<E extends object>(row: E): Class<E> {
  return row.constructor as Class<E>;
}
