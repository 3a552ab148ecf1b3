import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Template } from '../answers/choices.js';
import { type ProjectFile } from './project-file.js';
import { type Project } from './project.js';

const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Folders whose files a template has; what comes later takes the place of files of the same name. */
const LAYERS: Readonly<Record<Template, readonly string[]>> = {
  default: ['shared', 'default'],
  api: ['shared', 'api'],
  full: ['shared', 'default', 'full'],
};

/** The files that a project has from its template, with its names in them. */
export function templateFiles(project: Project): readonly ProjectFile[] {
  const files = LAYERS[project.template].flatMap((layer) => filesOf(join(TEMPLATES, layer)));
  const last = new Map(files.map(({ path, text }) => [path, text]));
  return [...last].map(([path, text]) => ({ path, text: fill(text, project) }));
}

function filesOf(layer: string): readonly ProjectFile[] {
  return readdirSync(layer, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: visiblePath(relative(layer, path)), text: readFileSync(path, 'utf8') }));
}

/** npm leaves hidden files such as `.gitignore` out of packages; theirs begin with an underscore here. */
function visiblePath(path: string): string {
  return path.replaceAll('\\', '/').replaceAll(/(^|\/)_/g, '$1.');
}

function fill(text: string, { name, title, manager }: Project): string {
  const values: Readonly<Record<string, string>> = {
    NAME: name,
    TITLE: title,
    RUN: manager.run,
    EXEC: manager.exec,
    SEPARATOR: manager.separator,
  };
  return text.replaceAll(/__([A-Z]+)__/g, (whole, key: string) => values[key] ?? whole);
}
