import { applyDecorators, UseInterceptors } from '@nestjs/common';

import { NoteKey } from '#core';

import { type CspDirectives } from '../csp/csp.js';
import { type FrameOptions } from '../security.options.js';
import { CSP_NOTE, CSP_REPORT_NOTE, FRAME_NOTE } from './header-notes.js';
import { HeaderOverrideInterceptor } from './header-override.interceptor.js';

/**
 * Changes the content security policy of a route or of a controller's routes: the given directives replace those of the
 * site's policy, the others stay. False sends none.
 */
export function Csp(directives: CspDirectives | false): ClassDecorator & MethodDecorator {
  return override(CSP_NOTE, directives);
}

/** Reports what a policy would have blocked on a route, without blocking it. False sends none. */
export function CspReportOnly(directives: CspDirectives | false): ClassDecorator & MethodDecorator {
  return override(CSP_REPORT_NOTE, directives);
}

/**
 * Says who may show a route in a frame: `sameorigin` or `deny`; false lets everybody. Sets `X-Frame-Options` and the
 * policy's `frame-ancestors`.
 */
export function AllowFrames(by: FrameOptions | false): ClassDecorator & MethodDecorator {
  return override(FRAME_NOTE, by);
}

function override<T>(key: NoteKey<T>, value: T): ClassDecorator & MethodDecorator {
  const note = (target: object, _member?: string | symbol, descriptor?: PropertyDescriptor) =>
    key.write(descriptor ? (descriptor.value as object) : target, value);
  return applyDecorators(note, UseInterceptors(HeaderOverrideInterceptor));
}
