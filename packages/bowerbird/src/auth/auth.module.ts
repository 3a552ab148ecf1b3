import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD, MetadataScanner } from '@nestjs/core';

import { AccessGuard } from './access/access.guard.js';
import { AuthChecks } from './auth.checks.js';
import { AuthConfig } from './auth.options.js';
import { ChangePasswordCommand } from './commands/changepassword.command.js';
import { CreateSuperuserCommand } from './commands/createsuperuser.command.js';
import { AuthMiddleware } from './login/auth.middleware.js';
import { Auth } from './login/auth.service.js';
import { SessionProofs } from './login/session-proofs.js';
import { AccountPages } from './pages/account-pages.js';
import { AuthAssets, AuthTemplateContext, AuthTemplates } from './pages/auth-contributions.js';
import { CsrfController } from './pages/csrf.controller.js';
import { LoginController } from './pages/login.controller.js';
import { PasswordController } from './pages/password.controller.js';
import { PasswordForms } from './passwords/password-forms.js';
import { Passwords } from './passwords/passwords.service.js';
import { PermissionStore } from './permissions/permission-store.js';
import { PermissionSync } from './permissions/permission-sync.js';
import { Permissions } from './permissions/permissions.service.js';
import { LoginThrottle } from './throttle/login-throttle.js';
import { AccountMemory } from './users/account-memory.js';
import { Users } from './users/users.service.js';

const SERVICES = [Auth, LoginThrottle, PasswordForms, Passwords, Permissions, PermissionStore, SessionProofs, Users];

const CONTRIBUTIONS: readonly Provider[] = [
  AccountMemory,
  AccountPages,
  AuthAssets,
  AuthChecks,
  AuthMiddleware,
  AuthTemplateContext,
  AuthTemplates,
  ChangePasswordCommand,
  CreateSuperuserCommand,
  MetadataScanner,
  PermissionSync,
  { provide: APP_GUARD, useClass: AccessGuard },
];

/** Accounts, logins and permissions. The tables are those of `authApp(config)`. */
@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      controllers: [LoginController, PasswordController, CsrfController],
      providers: [{ provide: AuthConfig, useValue: config }, ...SERVICES, ...CONTRIBUTIONS],
      exports: [AuthConfig, ...SERVICES],
    };
  }
}
