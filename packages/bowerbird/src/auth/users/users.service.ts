import { Injectable } from '@nestjs/common';

import { afterwards, Clock, isPromiseLike } from '#core';
import { BadLookupValueError, Database, UniqueError, type QuerySet, type RawRow } from '#orm';

import { DuplicateEmailError, InvalidEmailError } from '../auth.errors.js';
import { AuthConfig } from '../auth.options.js';
import { Passwords } from '../passwords/passwords.service.js';
import { PermissionStore } from '../permissions/permission-store.js';
import { type AbstractUser } from './abstract-user.js';
import { AccountMemory } from './account-memory.js';
import { isEmailAddress, normalizeEmail } from './email-address.js';

/** What a new account is made of. Fields of the application's own user class are allowed. */
export interface NewUser {
  readonly email: string;
  /** Nobody can log in with a password when there is none. Not judged here: see `Passwords.requireStrong`. */
  readonly password?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly isActive?: boolean;
  readonly isStaff?: boolean;
  readonly isSuperuser?: boolean;
  readonly [field: string]: unknown;
}

/** An account, and the codenames that were given to it and to its groups. */
export interface Recalled {
  readonly user: AbstractUser;
  /** Undefined where the server could not tell them with the account. */
  readonly codenames: ReadonlySet<string> | undefined;
}

/** Makes and finds accounts of the configured user class. */
@Injectable()
export class Users {
  constructor(
    private readonly config: AuthConfig,
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
    private readonly memory: AccountMemory,
    private readonly permissions: PermissionStore,
  ) {}

  /** Stores a new account. @throws InvalidEmailError, DuplicateEmailError */
  async createUser<U extends AbstractUser = AbstractUser>({ password, ...values }: NewUser): Promise<U> {
    const email = this.normalizeEmail(values.email);
    if (!isEmailAddress(email)) throw new InvalidEmailError(values.email);
    const user = new this.config.user() as U;
    Object.assign(user, { isActive: true, isStaff: false, isSuperuser: false, firstName: '', lastName: '' }, values);
    user.email = email;
    user.password = password === undefined ? this.passwords.unusable() : await this.passwords.hash(password);
    user.lastLogin = null;
    await this.store(user);
    return user;
  }

  /** Stores a new account that may do everything. @throws InvalidEmailError, DuplicateEmailError */
  createSuperuser<U extends AbstractUser = AbstractUser>(values: NewUser): Promise<U> {
    return this.createUser<U>({ ...values, isStaff: true, isSuperuser: true });
  }

  /** The one spelling under which an address is stored and looked up. */
  normalizeEmail(email: string): string {
    return normalizeEmail(email);
  }

  /** The account with this address in any case, or null. */
  async findByEmail<U extends AbstractUser = AbstractUser>(text: string): Promise<U | null> {
    const email = this.normalizeEmail(text);
    if (!isEmailAddress(email)) return null;
    const user = (await this.all().filter({ email }).first()) as U | null;
    // Some collations find "jose" for "josé"; another person's account is not a match.
    return user && user.email === email ? user : null;
  }

  /** The account with this primary key, or null; also where the key is of another kind than the user class has. */
  async findById<U extends AbstractUser = AbstractUser>(id: number | string): Promise<U | null> {
    return unlessUnfit(async () => (await this.byKey(id).first()) as U | null);
  }

  /**
   * An account and the permissions that it was given, by one statement; where `settings.auth.remember` lets it from what was
   * read a moment ago, and then at once. Each call makes an object of its own.
   */
  recall(id: number | string): Recalled | null | Promise<Recalled | null> {
    try {
      const query = this.byKey(id);
      const rows = this.memory.rows(id, () => this.readAccount(query, id));
      if (isPromiseLike(rows)) return rows.then((read) => this.recalled(query, read), nullWhereUnfit);
      return this.recalled(query, rows);
    } catch (error) {
      return nullWhereUnfit(error);
    }
  }

  private readAccount(query: QuerySet<AbstractUser>, id: number | string): Promise<readonly RawRow[]> {
    const { sql, parameters } = this.permissions.withAccount(query.rawStatement(), id);
    // A replica may not have heard yet that somebody may less than before.
    return this.database.onPrimary(() => this.database.read(sql, parameters));
  }

  private recalled(query: QuerySet<AbstractUser>, rows: readonly RawRow[]): Recalled | null | Promise<Recalled | null> {
    const [row] = rows;
    if (!row) return null;
    const codenames = this.permissions.codenamesOf(row);
    return afterwards(query.hydrate(rows), ([user]) => ({ user: user!, codenames }));
  }

  private byKey(id: number | string): QuerySet<AbstractUser> {
    return this.all().filter({ id }).slice(0, 1);
  }

  /** Whether somebody who may do everything can log in. */
  hasSuperuser(): Promise<boolean> {
    return this.all().filter({ isSuperuser: true, isActive: true }).exists();
  }

  /** Stores a new password; every session of the account ends. */
  async setPassword(user: AbstractUser, password: string): Promise<void> {
    await this.storePassword(user, await this.passwords.hash(password));
  }

  /** Takes the password away; every session of the account ends, and no password lets it in. */
  async removePassword(user: AbstractUser): Promise<void> {
    await this.storePassword(user, this.passwords.unusable());
  }

  /** Encodes the password anew that somebody has just proven to know, unless it was changed in the meantime. */
  async upgradePassword(user: AbstractUser, password: string): Promise<void> {
    const encoded = await this.passwords.hash(password);
    await this.writeQuietly({ id: user.id, password: user.password }, { password: encoded });
    user.password = encoded;
  }

  /** Notes the moment of a login. */
  async touchLogin(user: AbstractUser): Promise<void> {
    user.lastLogin = this.clock.now();
    await this.writeQuietly({ id: user.id }, { lastLogin: user.lastLogin });
  }

  private async storePassword(user: AbstractUser, encoded: string): Promise<void> {
    await this.all().filter({ id: user.id }).update({ password: encoded });
    user.password = encoded;
  }

  /** Writes what nobody changed on purpose: write listeners, such as the audit log, do not hear of it. */
  private async writeQuietly(rows: object, values: object): Promise<void> {
    const update = this.database.dataSource.createQueryBuilder().update(this.config.user).set(values).where(rows);
    await this.database.mapped(() => update.callListeners(false).execute());
  }

  private async store(user: AbstractUser): Promise<void> {
    try {
      await this.database.save(user);
    } catch (error) {
      if (error instanceof UniqueError && error.fields.includes('email'))
        throw new DuplicateEmailError(user.email, { cause: error });
      throw error;
    }
  }

  private all() {
    return this.database.objects(this.config.user);
  }
}

/** Null for a key that does not fit its column. */
async function unlessUnfit<R>(find: () => Promise<R>): Promise<R | null> {
  try {
    return await find();
  } catch (error) {
    return nullWhereUnfit(error);
  }
}

function nullWhereUnfit(error: unknown): null {
  if (error instanceof BadLookupValueError) return null;
  throw error;
}
