import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { AbstractUser, authDrivers, Policy, RequirePermission, resolveAuth, type AuthOptions } from 'bowerbird/auth';
import { CheckRunner, SettingsProblems } from 'bowerbird/core';
import { App } from 'bowerbird/orm';
import { createTestApp } from 'bowerbird/testing';
import { Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { describe, expect, it } from 'vitest';

import { CHEAP, ShelfModule } from './auth-app.js';

@Entity('odd_member')
class OddMember extends AbstractUser {
  @PrimaryColumn({ type: 'varchar', length: 20 })
  number: string;

  get id(): string {
    return this.number;
  }
}

@Entity('homeless_member')
class HomelessMember extends AbstractUser {
  @PrimaryGeneratedColumn()
  id: number;
}

@App({ name: 'odd', entities: [OddMember], migrations: false })
@Module({})
class OddModule {}

@Controller('odd')
class OddController {
  @RequirePermission('shelf.vew_book')
  @Get()
  list() {
    return [];
  }
}

@Policy(OddController)
@Injectable()
class OddPolicy {}

@Module({ controllers: [OddController], providers: [OddPolicy] })
class OddRoutesModule {}

/** The ids that the checks of auth find. */
async function findings(auth: AuthOptions, ...modules: (new () => object)[]): Promise<readonly string[]> {
  const app = await createTestApp(
    { apps: [ShelfModule, ...modules.filter((module) => module === OddModule)], auth },
    { imports: [ShelfModule, ...modules], checks: false, schema: 'none' },
  );
  const report = await app.get(CheckRunner).run({ deploy: true, areas: ['auth'] });
  await app.close();
  return report.findings.map(({ id, at }) => `${id} ${at}`);
}

describe('the checks', () => {
  it('find nothing wrong with the defaults', async () => {
    expect(await findings({})).toEqual([]);
  });

  it('find misspelt permissions and policies that decide nothing', async () => {
    expect(await findings({}, OddRoutesModule)).toEqual([
      'auth.E007 OddController.list',
      'auth.E008 OddPolicy',
      'auth.E008 OddPolicy',
    ]);
  });

  it('find user classes that cannot work', async () => {
    expect(await findings({ user: HomelessMember })).toEqual(['auth.E004 settings.auth.user']);
    expect(await findings({ user: OddMember }, OddModule)).toEqual(['auth.E005 OddMember.id']);
  });

  it('find hashers that cannot work or are weak, and what is turned off', async () => {
    expect(await findings({ hashers: [authDrivers.scrypt({ p: 0 })] })).toContain('auth.E006 settings.auth.hashers');
    expect(await findings({ hashers: [CHEAP], passwordRules: [], throttle: false })).toEqual([
      'auth.W001 settings.auth.hashers',
      'auth.W002 settings.auth.passwordRules',
      'auth.W003 settings.auth.throttle',
    ]);
  });
});

describe('settings.auth', () => {
  const problems = (options: unknown) => {
    const found = new SettingsProblems();
    const config = resolveAuth(options as AuthOptions, found, { production: true, root: new URL('file:///app/') });
    return { config, ids: found.all.map(({ id, path }) => `${id} ${path}`) };
  };

  it('has defaults for everything', () => {
    const { config, ids } = problems(undefined);
    expect(ids).toEqual([]);
    expect(config.urls).toEqual({
      login: '/accounts/login/',
      logout: '/accounts/logout/',
      passwordChange: '/accounts/password/',
      afterLogin: '/',
      afterLogout: '/accounts/login/',
    });
    expect(config.throttle).toEqual({
      account: { failures: 5, window: 900_000 },
      address: { failures: 50, window: 900_000 },
    });
  });

  it('reports every mistake at once and goes on with the defaults', () => {
    const { config, ids } = problems({
      user: class Stranger {},
      hashers: [],
      passwordRules: ['long'],
      loginUrl: '//evil.example',
      loginRedirect: 'https://evil.example/',
      hashing: { concurrency: 0 },
      throttle: { account: { failures: 0, window: 'soon' } },
      colour: 'red',
    });
    expect(ids).toEqual([
      'core.E003 settings.auth.loginUrl',
      'auth.E001 settings.auth.user',
      'core.E003 settings.auth.loginRedirect',
      'auth.E002 settings.auth.hashers',
      'core.E003 settings.auth.hashing.concurrency',
      'auth.E003 settings.auth.passwordRules',
      'core.E003 settings.auth.throttle.account.failures',
      'core.E002 settings.auth.throttle.account.window',
      'core.E001 settings.auth.colour',
    ]);
    expect(config.hashers).toHaveLength(1);
  });
});
