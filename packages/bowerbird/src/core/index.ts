export { Check, CheckRule, type CheckRuleOptions } from './checks/check.decorator.js';
export { CheckReport, type SilencedCheck } from './checks/check-report.js';
export { CheckRunner, type CheckRunOptions } from './checks/check-runner.js';
export {
  error,
  type Finding,
  type FindingDetails,
  type FindingLevel,
  type Findings,
  warning,
} from './checks/finding.js';
export {
  type ArgumentSpec,
  type CommandInput,
  type CommandSpec,
  ManagementCommand,
  type OptionSpec,
} from './commands/command.js';
export { BATCH_OPTION, clearInBatches } from './commands/clearing.js';
export { BOOT_PLAN, type BootPlan } from './commands/boot-plan.js';
export { Command } from './commands/command.decorator.js';
export { CommandError, DuplicateCommandError, UnknownCommandError } from './commands/command.errors.js';
export { type AskOptions, CommandIo } from './commands/command-io.js';
export { CommandRegistry, type RegisteredCommand } from './commands/command-registry.js';
export {
  Context,
  contextValue,
  currentContext,
  requireContext,
  runInContext,
  runInside,
  runWith,
} from './context/context.js';
export { NoContextError } from './context/context.errors.js';
export { afterwards, isPromiseLike } from './context/afterwards.js';
export { ContextKey } from './context/context-key.js';
export { Turns } from './context/turns.js';
export {
  ACTOR,
  type Actor,
  APPLICATION,
  type ApplicationHandle,
  CREDENTIAL,
  LOCALE,
  QUERY_LOG,
  QUERY_WATCHER,
  type QueryRecord,
  REQUEST_ID,
  type SentStatement,
  TENANT_ID,
} from './context/keys.js';
export { CoreModule } from './core.module.js';
export { Secret, type SecretOrigin } from './crypto/secret.js';
export { SecretKeys, Signer } from './crypto/signer.js';
export { BadSignatureError, SignatureExpiredError } from './crypto/signer.errors.js';
export { constantTimeEqual, randomToken, sha256 } from './crypto/tokens.js';
export { loadPeer, MissingPeerError } from './drivers/peer.js';
export { callerPlace, captureStack } from './errors/caller-place.js';
export { isDatabaseError, maskDatabaseText } from './errors/database-text.js';
export { FrameworkError, type FrameworkErrorOptions } from './errors/framework.error.js';
export { showThrown, shownMessage } from './errors/show-thrown.js';
export { type SourcePlace, sourcePlaceOf } from './errors/source-place.js';
export { type Problem, PROBLEM_MEDIA_TYPE } from './errors/problem.js';
export { type JsonSchema, orNull, schemaOfChoices } from './json/json-schema.js';
export { type Contribution, type DiscoverableDecorator, findContributions } from './metadata/contributions.js';
export { type AnyClass, type Class, NoteKey } from './metadata/notes.js';
export { Environment, environment, EnvironmentError } from './settings/environment.js';
export { type DurationBounds, type NumberBounds, OptionReader, type SettingsBase } from './settings/option-reader.js';
export { type SettingsProblem } from './settings/settings-problem.js';
export { SettingsError, SettingsProblems } from './settings/settings-problems.js';
export { OnSignal, type ReceiverOptions } from './signals/on-signal.decorator.js';
export { type EventOf, type PlainShape, Signal, type SignalShape } from './signals/signal.js';
export { type Connection, type Sending, SignalHub } from './signals/signal-hub.js';
export { withoutSignals } from './signals/silence.js';
export { appendCookie, type CookieAttributes, type CookieTarget, formatCookie, readCookie } from './text/cookies.js';
export { type JsonMisfit, jsonMisfit } from './text/json-misfit.js';
export { isSecretName, MASK, maskUrl, urlPassword } from './text/mask.js';
export { showValue, type ShowOptions } from './text/show-value.js';
export { didYouMean, editDistance, nearest } from './text/nearest.js';
export { Clock, SystemClock } from './time/clock.js';
export { type Duration, durationMs, parseDuration } from './time/duration.js';
