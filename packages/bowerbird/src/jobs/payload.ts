import { jsonMisfit } from '#core';

import { JobPayloadError, JobPayloadSizeError } from './jobs.errors.js';

/**
 * A payload as JSON.
 * @param limit most bytes
 * @throws JobPayloadError where it would not come back as it is
 * @throws JobPayloadSizeError
 */
export function writePayload(job: string, payload: unknown, limit: number): string {
  const misfit = jsonMisfit(payload, 'payload');
  if (misfit) throw new JobPayloadError(job, misfit.path, misfit.found);
  const text = JSON.stringify(payload);
  const bytes = Buffer.byteLength(text);
  if (bytes > limit) throw new JobPayloadSizeError(job, bytes, limit);
  return text;
}
