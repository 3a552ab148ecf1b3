import { type CatalogAction } from './catalog.js';

const ACTIONS: Readonly<Record<string, CatalogAction>> = {
  CASCADE: 'cascade',
  RESTRICT: 'protect',
  'SET NULL': 'set-null',
  'SET DEFAULT': 'set-default',
};

/** The action of a foreign key by its SQL words; nothing said means no action. */
export function actionOf(words: string | null | undefined): CatalogAction {
  return ACTIONS[String(words).toUpperCase()] ?? 'no-action';
}
