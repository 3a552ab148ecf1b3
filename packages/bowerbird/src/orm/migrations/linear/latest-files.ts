import { type AppDescription } from '../../apps/app-registry.js';
import { type FileChange } from '../writer/change-files.js';
import { MigrationFolder } from '../writer/migration-folder.js';
import { readLatest, type LatestNote } from './latest-file.js';

/** The file of an app, and what it says. */
export interface KeptLatest {
  readonly path: string;
  readonly note: LatestNote;
}

/** The file of an app that names its newest migration; null where it keeps none, or has no folder where it runs. */
export async function latestOf(app: AppDescription): Promise<KeptLatest | null> {
  const folder = MigrationFolder.of(app);
  const path = folder?.exists ? await folder.latestPath() : null;
  return path === null ? null : { path, note: await readLatest(path) };
}

/** What makes the file of an app name its newest migration, or go when there is none; nothing where it does so already. */
export async function latestChanges(app: AppDescription, newest: string | undefined): Promise<readonly FileChange[]> {
  const path = (await MigrationFolder.of(app)?.latestPath()) ?? null;
  if (path === null || isRight(await readLatest(path), newest)) return [];
  return [{ path, text: newest === undefined ? null : `${newest}\n` }];
}

/** Whether a file says which migration is the newest. */
export function isRight(note: LatestNote, newest: string | undefined): boolean {
  return newest === undefined ? note.kind === 'missing' : note.kind === 'named' && note.name === newest;
}
