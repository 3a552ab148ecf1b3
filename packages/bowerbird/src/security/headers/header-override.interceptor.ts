import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { type Observable } from 'rxjs';

import { contextValue, type NoteKey } from '#core';
import { type HttpResponse } from '#http';

import { ContentSecurityPolicy } from '../csp/content-security-policy.js';
import { CSP_RESPONSE, type CspResponse } from '../csp/csp-response.js';
import { CSP, type CspDirectives } from '../csp/csp.js';
import { type FrameOptions } from '../security.options.js';
import { CSP_NOTE, CSP_REPORT_NOTE, FRAME_NOTE } from './header-notes.js';

const FRAME_ANCESTORS = { deny: [CSP.NONE], sameorigin: [CSP.SELF] } as const;

/** Applies `@Csp`, `@CspReportOnly` and `@AllowFrames`; only the routes that carry one of them run it. */
@Injectable()
export class HeaderOverrideInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<HttpResponse>();
    const policies = contextValue(CSP_RESPONSE);
    const csp = noteOf(CSP_NOTE, context);
    const report = noteOf(CSP_REPORT_NOTE, context);
    const frames = noteOf(FRAME_NOTE, context);
    if (csp !== undefined) policies?.enforce(replaced(policies, csp));
    if (report !== undefined) policies?.report(report === false ? null : new ContentSecurityPolicy(report));
    if (frames !== undefined) allowFrames(frames, response, policies);
    return next.handle();
  }
}

function noteOf<T>(key: NoteKey<T>, context: ExecutionContext): T | undefined {
  return key.read(context.getHandler()) ?? key.read(context.getClass());
}

function replaced(policies: CspResponse, directives: CspDirectives | false): ContentSecurityPolicy | null {
  if (directives === false) return null;
  return policies.current?.extend(directives) ?? new ContentSecurityPolicy(directives);
}

function allowFrames(by: FrameOptions | false, response: HttpResponse, policies: CspResponse | undefined): void {
  if (by) response.setHeader('X-Frame-Options', by.toUpperCase());
  else response.removeHeader('X-Frame-Options');
  const policy = policies?.current?.extend({ 'frame-ancestors': by ? FRAME_ANCESTORS[by] : false });
  if (policy) policies?.enforce(policy);
}
