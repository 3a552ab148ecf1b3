import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { contextValue, FrameworkError, PROBLEM_MEDIA_TYPE, REQUEST_ID, showThrown, type Problem } from '#core';

import { DevelopmentPage } from '../development/development-page.js';
import { type HttpRequest, type HttpResponse } from '../http-request.js';
import { HttpConfig } from '../http.options.js';
import { RequestSignals } from '../signals/request-signals.js';
import { wantsHtml } from './accept.js';
import { ErrorPages, type ErrorPageModel } from './error-pages.js';
import { reportOf, type ErrorReport } from './error-report.js';
import { PlainPage, type BuiltInDocument } from './plain-page.js';
import { problemOf } from './problem-document.js';
import { messageOf } from './thrown.js';
import { visitorText } from './visitor-text.js';

/** Headers of an answer that is not sent after all. */
const LEFTOVERS = [
  'Content-Disposition',
  'Content-Encoding',
  'Content-Length',
  'Content-Range',
  'ETag',
  'Last-Modified',
];

type SendArguments = [thrown: unknown, report: ErrorReport, request: HttpRequest, response: HttpResponse];

/** How an error is written that is no page. */
export interface ProblemForm {
  /** `Content-Type` of the answer. */
  readonly mediaType: string;
  write(problem: Problem, thrown: unknown): string;
}

/** RFC 9457. */
const PROBLEM: ProblemForm = {
  mediaType: `${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
  write: (problem) => JSON.stringify(problem),
};

/** Turns an error into a response: a page for browsers, a problem document (RFC 9457) for everybody else. */
@Injectable()
export class ErrorResponder {
  private readonly logger = new Logger('Errors');

  constructor(
    private readonly config: HttpConfig,
    private readonly modules: ModuleRef,
    private readonly plainPage: PlainPage,
    private readonly developmentPage: DevelopmentPage,
    private readonly signals: RequestSignals,
  ) {}

  /** Answers the request, and logs what is the application's own fault. Never throws. */
  respond(thrown: unknown, request: HttpRequest, response: HttpResponse): Promise<void> {
    return this.answer(thrown, request, response, wantsHtml(request.headers.accept) ? null : PROBLEM);
  }

  /** The same with a problem document, whatever the client accepts; for interfaces that programs use. */
  respondProblem(thrown: unknown, request: HttpRequest, response: HttpResponse, form = PROBLEM): Promise<void> {
    return this.answer(thrown, request, response, form);
  }

  /** @param form null for a page */
  private async answer(
    thrown: unknown,
    request: HttpRequest,
    response: HttpResponse,
    form: ProblemForm | null,
  ): Promise<void> {
    const report = reportOf(thrown);
    if (report.status >= 500) {
      this.log(thrown, request);
      await this.signals.failed(thrown, request);
    }
    // An answer has begun: cutting it off is the only way to tell the client that it is not whole.
    if (response.headersSent) return void (response.writableEnded || response.destroy());
    this.prepare(report, response);
    await this.attempt('answer', () => this.send(form, thrown, report, request, response));
    if (!response.headersSent) response.end();
  }

  private async send(form: ProblemForm | null, ...[thrown, report, request, response]: SendArguments): Promise<void> {
    // An error may send the client elsewhere, such as to the login page.
    if (report.status < 400) response.end();
    else if (form) this.sendProblem(form, thrown, report, response);
    else await this.sendPage(thrown, report, request, response);
  }

  private prepare(report: ErrorReport, response: HttpResponse): void {
    for (const name of LEFTOVERS) response.removeHeader(name);
    response.statusCode = report.status;
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.vary('Accept');
    for (const [name, value] of Object.entries(report.headers)) response.setHeader(name, value);
  }

  private sendProblem(form: ProblemForm, thrown: unknown, report: ErrorReport, response: HttpResponse): void {
    const told = this.config.production ? undefined : messageOf(thrown);
    response.setHeader('Content-Type', form.mediaType);
    response.end(form.write(problemOf(report, requestId(), told), thrown));
  }

  private async sendPage(...[thrown, report, request, response]: SendArguments): Promise<void> {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (report.status >= 500 && !this.config.production) {
      const page = await this.attempt('development page', () => this.developmentPage.render(thrown, report, request));
      if (page) return sendDocument(response, page);
    }
    const model = this.modelOf(thrown, report, request);
    const own = this.ownPages();
    const page = own && (await this.attempt(`page for status ${model.status}`, () => own.render(model)));
    if (response.headersSent) return;
    if (typeof page === 'string') response.end(page);
    else sendDocument(response, this.plainPage.render(model));
  }

  /** The application's own {@link ErrorPages}, or undefined where it has none. */
  private ownPages(): ErrorPages | undefined {
    try {
      return this.modules.get(ErrorPages, { strict: false });
    } catch {
      return undefined;
    }
  }

  /** What is rendered, or undefined where rendering fails: a broken page must not hide the error that it is about. */
  private async attempt<T>(name: string, render: () => Promise<T>): Promise<T | undefined> {
    try {
      return await render();
    } catch (error) {
      this.logger.error(`The ${name} cannot be rendered\n${showThrown(error)}`);
      return undefined;
    }
  }

  private modelOf(thrown: unknown, report: ErrorReport, request: HttpRequest): ErrorPageModel {
    const retryAfter = report.headers['Retry-After'];
    return {
      status: report.status,
      title: report.title,
      detail: report.detail ?? visitorText(report.status),
      code: report.code,
      requestId: requestId(),
      method: request.method,
      path: request.path,
      ...(retryAfter !== undefined && { retryAfterSeconds: Number(retryAfter) }),
      ...(!this.config.production && { developer: developerPart(thrown) }),
    };
  }

  private log(thrown: unknown, request: HttpRequest): void {
    this.logger.error(`${request.method} ${request.path} failed (request ${requestId()})\n${showThrown(thrown)}`);
  }
}

function requestId(): string {
  return contextValue(REQUEST_ID) ?? 'unknown';
}

function developerPart(thrown: unknown): NonNullable<ErrorPageModel['developer']> {
  const hint = thrown instanceof FrameworkError ? thrown.hint : undefined;
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return { name, message: messageOf(thrown), ...(hint !== undefined && { hint }) };
}

/** Sends a document that brings its own styles, under a policy that allows just these. */
function sendDocument(response: HttpResponse, document: BuiltInDocument): void {
  response.removeHeader('Content-Security-Policy-Report-Only');
  response.setHeader('Content-Security-Policy', document.policy);
  response.end(document.html);
}
