import { existsSync } from 'node:fs';

/** The nearest directory at or above the given one that has a `package.json`; the given one where there is none. */
export function projectDirectory(root: URL): URL {
  for (let folder = root; ; folder = new URL('../', folder)) {
    if (existsSync(new URL('package.json', folder))) return folder;
    if (folder.pathname === new URL('../', folder).pathname) return root;
  }
}
