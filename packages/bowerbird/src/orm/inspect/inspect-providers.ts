import { type Provider } from '@nestjs/common';

import { InspectDbCommand } from './inspectdb.command.js';
import { Inspector } from './inspector.js';

/** What the orm's module provides for looking at databases that were there before. */
export const INSPECT_PROVIDERS: readonly Provider[] = [Inspector, InspectDbCommand];
