import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { didYouMean } from '#core';

import { TemplateNameError, TemplateNotFoundError } from '../templates.errors.js';
import { TemplateSource } from './template-source.js';

/** Suffix of template files. */
export const TEMPLATE_SUFFIX = '.hbs';

/** Words joined by slashes; `.txt` or `.html` behind them says what the template makes, and `.subject` which part of it. */
const NAME = /^[\w-]+(?:\/[\w-]+)*(?:(?:\.[a-z]+)?\.(?:txt|html))?$/;

/** A directory of templates; `prefix` comes before the names of its files (`admin/`), or is empty. */
export interface TemplateRoot {
  readonly prefix: string;
  readonly url: URL;
  /** Whether an area or another library brings it, in contrast to the project and its apps. */
  readonly library: boolean;
}

interface TemplateFile {
  readonly path: string;
  readonly library: boolean;
}

/** All template files by name; of two with one name, the one in the earlier directory wins. */
export class TemplateLibrary {
  private files = new Map<string, TemplateFile>();

  constructor(private readonly roots: readonly TemplateRoot[]) {
    this.refresh();
  }

  /** Lists the directories anew. */
  refresh(): void {
    const files = new Map<string, TemplateFile>();
    for (const root of this.roots)
      for (const [name, path] of listRoot(root)) if (!files.has(name)) files.set(name, { path, library: root.library });
    this.files = files;
  }

  has(name: string): boolean {
    return this.files.has(name);
  }

  names(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  /** The names of those that the project and its apps wrote, be it in place of one of a library. */
  projectNames(): readonly string[] {
    return this.names().filter((name) => !this.files.get(name)!.library);
  }

  /** `Did you mean …?` for a name that no template has, or an empty text. */
  suggest(name: string): string {
    return didYouMean(name, this.files.keys());
  }

  /** Absolute path of a template. @throws TemplateNameError, TemplateNotFoundError */
  file(name: string): string {
    if (typeof name !== 'string' || !NAME.test(name)) throw new TemplateNameError(name);
    const file = this.files.get(name);
    if (file === undefined) throw new TemplateNotFoundError(name, this.directories(), this.suggest(name));
    return file.path;
  }

  /** Reads a template. @throws TemplateNameError, TemplateNotFoundError */
  read(name: string): TemplateSource {
    const file = this.file(name);
    return new TemplateSource(name, file, readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  }

  /** Changes when the file changes; undefined when it is gone. */
  version(name: string): string | undefined {
    const path = this.files.get(name)?.path;
    const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    return stats && `${path}:${stats.mtimeMs}:${stats.size}`;
  }

  private directories(): readonly string[] {
    return this.roots.map(({ url, prefix }) => fileURLToPath(url) + (prefix ? ` (as ${prefix}…)` : ''));
  }
}

function listRoot({ prefix, url }: TemplateRoot): readonly (readonly [name: string, file: string])[] {
  if (!existsSync(url)) return [];
  const directory = fileURLToPath(url).replaceAll('\\', '/').replace(/\/?$/, '/');
  return readdirSync(url, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(TEMPLATE_SUFFIX))
    .map((path) => [prefix + path.slice(0, -TEMPLATE_SUFFIX.length), directory + path] as const)
    .filter(([name]) => NAME.test(name));
}
