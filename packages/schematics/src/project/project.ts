import { posix } from 'node:path';

import type { Tree } from '@angular-devkit/schematics';
import ts from 'typescript';

import { SchematicError } from '../schematic-error.js';
import { withoutLongLines } from '../syntax/lists.js';
import { parse } from '../syntax/source-text.js';

/** Where a generator works; what the Nest CLI and `manage` say beside the options of the generator itself. */
export interface Place {
  /** Folder of the application's sources; that of `nest-cli.json`, or `src`. */
  readonly sourceRoot?: string;
  /** Name of a project of `nest-cli.json`. */
  readonly project?: string;
}

interface NestProject {
  readonly root?: string;
  readonly sourceRoot?: string;
}

interface NestCli extends NestProject {
  readonly projects?: Readonly<Record<string, NestProject>>;
}

/** The files of a project. What is written becomes real when the generator has ended well, all or nothing. */
export class Project {
  /** Folder of the application's sources, without a slash at its end. */
  readonly sourceRoot: string;
  private readonly nest: NestCli;

  constructor(
    readonly tree: Tree,
    place: Place = {},
  ) {
    this.nest = this.json('nest-cli.json') ?? {};
    const chosen = this.chosen(place.project);
    this.sourceRoot = relative(place.sourceRoot ?? chosen?.sourceRoot ?? this.nest.sourceRoot ?? 'src');
  }

  /** Folders of sources, those of the application first. */
  get sourceRoots(): readonly string[] {
    const others = Object.values(this.nest.projects ?? {}).flatMap(({ sourceRoot }) => sourceRoot ?? []);
    return [...new Set([this.sourceRoot, ...others.map(relative)])];
  }

  /** Where the tests of a folder of sources are: `test` beside the sources, in the package that they belong to. */
  testRoot(sources: string): string {
    const roots = this.sourceRoots.filter((root) => isBelow(sources, root)).map((root) => posix.dirname(root));
    const [deepest = '.'] = [...roots, this.packageFolder(sources)].sort((one, other) => other.length - one.length);
    return posix.join(deepest, 'test');
  }

  /** The nearest folder at or above a path that has a `package.json`; the project itself where none has. */
  packageFolder(path: string): string {
    for (let folder = path; folder !== '.'; folder = posix.dirname(folder)) {
      if (this.has(posix.join(folder, 'package.json'))) return folder;
    }
    return '.';
  }

  has(path: string): boolean {
    return this.tree.exists(path);
  }

  read(path: string): string {
    return this.tree.readText(path);
  }

  source(path: string): ts.SourceFile {
    return parse(path, this.read(path));
  }

  /** A JSON file, with comments or without; undefined where it is not. */
  json(path: string): unknown {
    if (!this.has(path)) return undefined;
    const { config, error } = ts.parseConfigFileTextToJson(path, this.read(path)) as {
      readonly config?: unknown;
      readonly error?: ts.Diagnostic;
    };
    if (!error) return config;
    throw new SchematicError(`${path} cannot be read: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`);
  }

  /** TypeScript files below a folder, without specs and declarations. */
  sources(root: string): readonly string[] {
    const found: string[] = [];
    const folder = this.tree.getDir(root);
    if (folder.subfiles.length + folder.subdirs.length === 0) return found;
    folder.visit((path) => {
      if (/\.m?ts$/.test(path) && !/(\.d|\.spec|\.test)\.m?ts$|\/node_modules\/|\/dist\//.test(path)) {
        found.push(relative(path));
      }
    });
    return found.sort();
  }

  /** Writes another text into a file that is there; nothing happens when it says that already. */
  change(path: string, text: string): void {
    if (this.read(path) !== text) this.tree.overwrite(path, text);
  }

  /** Writes a new file. One that says the same already is left alone. @throws SchematicError */
  create(path: string, text: string): void {
    const code = path.endsWith('.ts') ? withoutLongLines(path, text) : text;
    if (!this.has(path)) this.tree.create(path, code);
    else if (this.read(path) !== code) {
      throw new SchematicError(`${path} exists already`, 'Choose another name, or remove the file first');
    }
  }

  private chosen(name: string | undefined): NestProject | undefined {
    if (name === undefined) return undefined;
    const projects = this.nest.projects ?? {};
    if (Object.hasOwn(projects, name)) return projects[name];
    throw new SchematicError(`nest-cli.json has no project "${name}"`, `Projects: ${Object.keys(projects).join(', ')}`);
  }
}

/** How a file imports another one. */
export function specifier(from: string, to: string): string {
  const path = posix
    .relative(posix.dirname(from), to)
    .replace(/\.ts$/, '.js')
    .replace(/\.mts$/, '.mjs');
  return path.startsWith('.') ? path : `./${path}`;
}

/** The file that a relative import leads to. */
export function importedFile(from: string, module: string): string {
  return posix.join(posix.dirname(from), module.replace(/\.js$/, '.ts').replace(/\.mjs$/, '.mts'));
}

/** Whether a path is a folder or in it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** A path of a tree without the slash that it begins with. */
function relative(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/')).replace(/^\/+/, '').replace(/\/+$/, '') || '.';
}
