import { Module } from '@nestjs/common';

import { type Class } from '#core';
import { App } from '#orm';

import { type AuthConfig } from './auth.options.js';
import { Group } from './groups/group.entity.js';
import { Permission } from './groups/permission.entity.js';
import initialWithoutUser from './migrations-own-user/0001_initial.js';
import initial from './migrations/0001_initial.js';
import { LoginAttempt } from './throttle/login-attempt.entity.js';
import { User } from './users/user.entity.js';

/** The tables of accounts where the framework's own user class is used. */
@App({
  name: 'auth',
  label: 'Accounts',
  entities: [User, Group, Permission, LoginAttempt],
  migrations: { folder: new URL('../auth/migrations/', import.meta.url), files: [['0001_initial', initial]] },
})
@Module({})
export class AuthApp {}

/** The tables of accounts where the application brings its own user class, in an app of its own. */
@App({
  name: 'auth',
  label: 'Accounts',
  entities: [Group, Permission, LoginAttempt],
  migrations: {
    folder: new URL('../auth/migrations-own-user/', import.meta.url),
    files: [['0001_initial', initialWithoutUser]],
  },
})
@Module({})
export class AuthAppWithoutUser {}

/** The app that holds the tables of accounts for this configuration; it belongs into the list of apps. */
export function authApp(config: AuthConfig): Class {
  return config.ownUser ? AuthAppWithoutUser : AuthApp;
}
