// Loads the types of `request.session` for applications that use it.
export type { SessionData } from 'express-session';

export { ClearSessionsCommand } from './clear-sessions.command.js';
export { addMessage, type Message, type MessageLevel, type MessageLink, Messages } from './messages.js';
export {
  type DatabaseSessionOptions,
  type MemorySessionOptions,
  type SessionDriver,
  type SessionDriverParts,
  sessionDrivers,
} from './session-driver.js';
export { SessionRecord } from './session-record.entity.js';
export { type SessionContent, SessionStore, type SessionUpdate, type StoredSession } from './session-store.js';
export { currentSession, SESSION, Session } from './session.js';
export { SessionExchange, type SessionValues } from './session-exchange.js';
export { SessionsApp } from './sessions.app.js';
export { SessionsChecks } from './sessions.checks.js';
export {
  NoSessionError,
  SessionConflictError,
  SessionInterruptedError,
  SessionKeyError,
  SessionTooLateError,
  SessionValueError,
} from './sessions.errors.js';
export { SessionsModule } from './sessions.module.js';
export {
  resolveSessions,
  type SameSite,
  type SessionCookieConfig,
  type SessionCookieOptions,
  SessionsConfig,
  type SessionsOptions,
} from './sessions.options.js';
