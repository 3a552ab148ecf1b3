import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type SourceFile } from './app-source.js';

/** The part of prettier that is used here. */
interface Prettier {
  resolveConfig(path: string): Promise<object | null>;
  format(text: string, options: object): Promise<string>;
}

/** The files in the style of the project where it has prettier; they are well formed without it. */
export async function formatSources(files: readonly SourceFile[], folder: string): Promise<readonly SourceFile[]> {
  const prettier = await projectPrettier();
  if (!prettier) return files;
  return Promise.all(
    files.map(async ({ path, text }) => {
      const options = await prettier.resolveConfig(join(folder, path));
      return { path, text: await prettier.format(text, { ...options, parser: 'typescript' }) };
    }),
  );
}

/** Prettier as the project in the current folder has it; undefined for projects without. */
async function projectPrettier(): Promise<Prettier | undefined> {
  const project = createRequire(join(process.cwd(), 'package.json'));
  try {
    const path = project.resolve('prettier');
    return ((await import(pathToFileURL(path).href)) as { default: Prettier }).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
