import { NoteKey } from '#core';

import { type CspDirectives } from '../csp/csp.js';
import { type FrameOptions } from '../security.options.js';

export const CSP_NOTE = new NoteKey<CspDirectives | false>('csp');
export const CSP_REPORT_NOTE = new NoteKey<CspDirectives | false>('csp report only');
export const FRAME_NOTE = new NoteKey<FrameOptions | false>('frame options');
