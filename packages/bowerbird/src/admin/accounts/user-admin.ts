import { Injectable } from '@nestjs/common';

import { Passwords, type AbstractUser } from '#auth';

import { Display } from '../site/admin.decorator.js';
import { ModelAdmin } from '../site/model-admin.js';

/** The admin of accounts, unless the application declares one itself. */
@Injectable()
export class UserAdmin extends ModelAdmin<AbstractUser> {
  constructor(private readonly passwords: Passwords) {
    super();
  }

  /** How the password is stored, and nothing of it. */
  @Display({ label: 'Password' })
  passwordState(user: AbstractUser): string {
    const algorithm = this.passwords.algorithm(user.password);
    return algorithm === null ? 'None; nobody can log in with one' : `Set, stored with ${algorithm}`;
  }
}
