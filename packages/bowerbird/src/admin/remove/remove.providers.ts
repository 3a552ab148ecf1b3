import { type Provider } from '@nestjs/common';

import { DeletePage } from './delete-page.js';
import { DeleteSelected } from './delete-selected.js';
import { DeletionAudit } from './deletion-audit.js';
import { DeletionPages } from './deletion-pages.js';
import { DeletionPreviews } from './deletion-preview.js';
import { DeletionViews } from './deletion-view.js';
import { RowRemoval } from './row-removal.js';

/** Everything that deletes rows. */
export const REMOVE: readonly Provider[] = [
  DeletePage,
  DeleteSelected,
  DeletionPreviews,
  DeletionViews,
  DeletionPages,
  DeletionAudit,
  RowRemoval,
];
