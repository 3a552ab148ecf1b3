export { CookieJar } from './client/cookie-jar.js';
export { type FormFields, type TestFile } from './client/multipart.js';
export { type RequestOptions, TestClient } from './client/test-client.js';
export { TestResponse } from './client/test-response.js';
export { type CacheStoreFactory, describeCacheStore } from './contracts/cache-store.contract.js';
export { describeDisk, type DiskFactory } from './contracts/disk.contract.js';
export {
  describeMailTransport,
  type MailTransportFactory,
  type MailTransportOnTrial,
  type ReceivedMail,
} from './contracts/mail-transport.contract.js';
export { describeJobQueue, type JobQueueFactory } from './contracts/job-queue.contract.js';
export { describeSessionStore } from './contracts/session-store.contract.js';
export { type CommitCallback } from './database/stages.js';
export {
  createTestDatabase,
  type KeptSchema,
  type SchemaMode,
  type TestDatabase,
  type TestDatabaseOptions,
} from './database/test-database.js';
export { workerDatabase } from './database/worker-database.js';
export { factory } from './factories/create-factory.js';
export {
  Factory,
  type FactoryOptions,
  type FactoryPlace,
  type FactoryValues,
  subFactory,
} from './factories/factory.js';
export { FactoryError } from './factories/factory.errors.js';
export { Random } from './factories/random.js';
export { lazy, type Recipe, type RecipeContext, sequence } from './factories/recipe.js';
export { FakeClock } from './fake-clock.js';
export { JobLoopError } from './jobs/jobs.errors.js';
export { type RunAllOptions, TestJobs, type WaitingJob } from './jobs/test-jobs.js';
export {
  MigrationHistory,
  migrationHistory,
  type RoundTripOptions,
  type RowsAtPoint,
} from './migrations/migration-history.js';
export { MigrationRoundTripError } from './migrations/migrations.errors.js';
export { type QueryGuardOptions, RepeatedQueryError, RouteBudgetError } from './query-guard.js';
export { type TestHooks, type TestSuite, type TestSuiteOptions, useTestApp } from './suite/use-test-app.js';
export { QueryBudgetError } from './query-counter.js';
export { RecordingIo } from './recording-io.js';
export { createTestApp, TEST_PASSWORD, TestApp, type TestAppOptions, type TestSettings } from './test-app.js';
