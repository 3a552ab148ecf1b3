import { type Class } from '#core';

import { type Database } from '../connection/database.js';
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
  /** Inserts or updates the row. @throws IntegrityError, StaleRowError, NoContextError */
  async save(): Promise<this> {
    return databaseOfRow(this).save(this);
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

  /** Reads the columns of the row again. @throws DoesNotExistError, NoContextError */
  async refresh(): Promise<this> {
    const database = databaseOfRow(this);
    const found = await database
      .objects(classOf(this))
      .withoutScopes()
      .get({ pk: this } as never);
    return Object.assign(this, found);
  }
}

function databaseOfRow(row: object): Database {
  return databaseOf(classOf(row), row);
}

function classOf<E extends object>(row: E): Class<E> {
  return row.constructor as Class<E>;
}
