export { Public } from '#http';

export { CurrentUser, RequirePermission, RequireStaff } from './access/access.decorators.js';
export { AccessGuard } from './access/access.guard.js';
export { CURRENT_USER, currentUser } from './access/current-user.js';
export { loginLocation } from './access/login-location.js';
export { AuthApp, authApp, AuthAppWithoutUser } from './auth.app.js';
export {
  DuplicateEmailError,
  InvalidEmailError,
  LoginRedirectError,
  LoginRequiredError,
  LoginThrottledError,
  PasswordQueueFullError,
  PasswordTooWeakError,
  PermissionDeniedError,
} from './auth.errors.js';
export { AuthModule } from './auth.module.js';
export {
  type AccountUrls,
  AuthConfig,
  type AuthOptions,
  type HashingOptions,
  type LoginThrottleOptions,
  resolveAuth,
  type ThrottleLimit,
  type ThrottleLimitOptions,
} from './auth.options.js';
export { type Argon2idOptions } from './drivers/argon2id.driver.js';
export { type ScryptOptions } from './drivers/scrypt.driver.js';
export { Group } from './groups/group.entity.js';
export { Permission } from './groups/permission.entity.js';
export {
  type LoginFailedEvent,
  userLoggedIn,
  userLoggedOut,
  type UserLoginEvent,
  userLoginFailed,
} from './login/auth-signals.js';
export { Auth, type Credentials } from './login/auth.service.js';
export { SESSION_LOGIN, type SessionLogin, SessionProofs } from './login/session-proofs.js';
export { LoginForm } from './pages/login.form.js';
export { type AccountPassword, AccountPasswordForm } from './passwords/account-password.form.js';
export { authDrivers } from './passwords/auth-drivers.js';
export { PasswordHasher } from './passwords/password-hasher.js';
export { PasswordChangeForm } from './passwords/password-change.form.js';
export { PasswordForms } from './passwords/password-forms.js';
export { type PasswordOwner, PasswordRule } from './passwords/password-rule.js';
export { MAX_PASSWORD_LENGTH, passwordRules } from './passwords/password-rules.js';
export { Passwords, type PasswordVerdict } from './passwords/passwords.service.js';
export { SetPasswordForm } from './passwords/set-password.form.js';
export { UserCreationForm } from './passwords/user-creation.form.js';
export { MODEL_ACTIONS, type ModelAction, permissionFor } from './permissions/codename.js';
export { Permissions } from './permissions/permissions.service.js';
export { type EntityPolicy, Policy, type PolicyAnswer } from './permissions/policy.js';
export { LoginAttempt } from './throttle/login-attempt.entity.js';
export { LoginThrottle } from './throttle/login-throttle.js';
export { AbstractUser } from './users/abstract-user.js';
export { User } from './users/user.entity.js';
export { type NewUser, Users } from './users/users.service.js';
