import { type Provider } from '@nestjs/common';

import { ChangeViews } from './change-view.js';
import { HistoryPage } from './history-page.js';
import { KeyNames } from './key-names.js';

/** Everything that shows what was done to rows. */
export const HISTORY: readonly Provider[] = [HistoryPage, KeyNames, ChangeViews];
