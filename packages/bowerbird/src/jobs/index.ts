export { BackgroundJob, type JobClass } from './background-job.js';
export { type BackoffConfig } from './backoff.js';
export { type BackoffOptions, Job, type JobOptions, jobOptionsOf } from './job.decorator.js';
export { type JobAttempt } from './job-attempt.js';
export { type DatabaseJobOptions, type JobDriver, type JobDriverParts, jobDrivers } from './job-driver.js';
export {
  type ClaimedJob,
  type JobClaim,
  type JobCount,
  type JobFilter,
  type JobLease,
  type JobOutcome,
  JobQueue,
  type JobState,
  type NewJob,
  type StoredJob,
} from './job-queue.js';
export { JobRecord } from './job-record.entity.js';
export { type JobDescription, JobRegistry } from './job-registry.js';
export { JobsApp } from './jobs.app.js';
export { JobsChecks } from './jobs.checks.js';
export {
  JobFailedError,
  JobOptionError,
  JobPayloadError,
  JobPayloadSizeError,
  JobTimeoutError,
  LeaseLostError,
  RetryLaterError,
  UniqueJobError,
  UnknownJobError,
  UnmarkedJobError,
  WorkersLostError,
  WorkerStoppedError,
} from './jobs.errors.js';
export { JobsModule } from './jobs.module.js';
export { JobsConfig, type JobsConfigValues, type JobsOptions, resolveJobs } from './jobs.options.js';
export { type EnqueueOptions, Jobs } from './jobs.service.js';
export { type AttemptReport, AttemptRunner } from './worker/attempt-runner.js';
export { JobWorker, type WorkOptions } from './worker/job-worker.js';
