import { type Problem } from '#core';

import { type ErrorReport } from './error-report.js';

/** The problem document (RFC 9457) for an error. */
export function problemOf(report: ErrorReport, requestId: string, developerText: string | undefined): Problem {
  const detail = report.detail ?? developerText;
  return {
    ...report.extensions,
    type: 'about:blank',
    title: report.title,
    status: report.status,
    ...(detail !== undefined && { detail }),
    instance: `urn:request:${requestId}`,
    code: report.code,
    ...(report.errors && { errors: report.errors }),
  };
}
