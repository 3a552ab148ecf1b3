import { STATUS_CODES } from 'node:http';

import { HttpException } from '@nestjs/common';

import { FrameworkError } from '#core';

import { HttpError } from '../http.errors.js';

/** What the outside may know of an error. */
export interface ErrorReport {
  readonly status: number;
  /** The status in words. */
  readonly title: string;
  /** Stable code, `area.slug`. */
  readonly code: string;
  /** What the error says to the client, where it is meant for it. */
  readonly detail?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  /** More members for the problem document. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

type Describe = (thrown: object) => Omit<ErrorReport, 'title'> | undefined;

/** Says of anything that was thrown what the client may know; whatever is unknown is a plain 500. */
export function reportOf(thrown: unknown): ErrorReport {
  const known = typeof thrown === 'object' && thrown !== null ? describe(thrown) : undefined;
  const code = 'http.internal';
  const report = known ?? { status: 500, code, headers: {}, extensions: {} };
  return { ...report, title: STATUS_CODES[report.status] ?? 'Error' };
}

function describe(thrown: object): Omit<ErrorReport, 'title'> | undefined {
  for (const kind of KINDS) {
    const report = kind(thrown);
    if (report) return report;
  }
  return undefined;
}

const ofHttpError: Describe = (thrown) => {
  if (!(thrown instanceof HttpError)) return undefined;
  const { status, code, message, headers, errors } = thrown;
  return { status, code, detail: message, headers, extensions: {}, ...(errors && { errors }) };
};

const ofFrameworkError: Describe = (thrown) => {
  if (!(thrown instanceof FrameworkError)) return undefined;
  const { errors } = thrown as { errors?: unknown };
  return {
    status: thrown.status,
    code: thrown.code,
    headers: {},
    extensions: {},
    ...(isErrorMap(errors) && { errors }),
  };
};

const ofNestException: Describe = (thrown) => {
  if (!(thrown instanceof HttpException)) return undefined;
  const status = thrown.getStatus();
  const body = thrown.getResponse();
  const { message, statusCode: _status, error: _error, ...rest } = isRecord(body) ? body : { message: body };
  return {
    status,
    code: codeOf(status),
    headers: {},
    extensions: status < 500 ? withoutReserved(rest) : {},
    ...(status < 500 && messagesOf(message, status)),
  };
};

/** Errors in the manner of the `http-errors` package, which Express and its parsers use. */
const ofExpressError: Describe = (thrown) => {
  const { status, expose, message } = thrown as { status?: unknown; expose?: unknown; message?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return {
    status,
    code: codeOf(status),
    headers: {},
    extensions: {},
    ...(expose === true && typeof message === 'string' && { detail: message }),
  };
};

const KINDS: readonly Describe[] = [ofHttpError, ofFrameworkError, ofNestException, ofExpressError];

const RESERVED: ReadonlySet<string> = new Set(['type', 'title', 'status', 'detail', 'instance', 'code', 'errors']);

function withoutReserved(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !RESERVED.has(name)));
}

/** Nest's validation pipe gives a list of messages; everything else gives one. */
function messagesOf(message: unknown, status: number): Pick<ErrorReport, 'detail' | 'errors'> {
  if (Array.isArray(message)) return { errors: { '': message.map(String) } };
  const silent = typeof message !== 'string' || message === STATUS_CODES[status] || /^Cannot [A-Z]+ /.test(message);
  return silent ? {} : { detail: message };
}

/** The code for a status that was raised without one. */
function codeOf(status: number): string {
  return `http.${(STATUS_CODES[status] ?? 'error').toLowerCase().replace(/[^a-z]+/g, '_')}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isErrorMap(value: unknown): value is Readonly<Record<string, readonly string[]>> {
  return isRecord(value) && Object.values(value).every((list) => Array.isArray(list) && list.every(isText));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
