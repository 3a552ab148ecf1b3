import { checkedClass, type CheckedName } from '../names/checked-names.js';
import { snake } from '../names/words.js';
import { SchematicError } from '../schematic-error.js';
import { appNamed, onlyApp, type AppSource } from './apps.js';
import { type Place, type Project } from './project.js';

/** What the generators for parts of an app are told. */
export interface PartOptions extends Place {
  /** `product`, or `catalog/product` with the app. */
  readonly name?: string;
  readonly app?: string;
  /** The second word after the name that the Nest CLI takes: the app, or fields. */
  readonly path?: string;
  readonly fields?: string | readonly string[];
  /** Whether a test is written. */
  readonly spec?: boolean;
  /** Whether the module of the app is left alone. */
  readonly skipImport?: boolean;
}

/** Where a part goes and how it is named. */
export interface Target extends CheckedName {
  readonly app: AppSource;
}

/** Finds the app and checks the name. @param what the part, as in `an entity` @throws SchematicError */
export function targetOf(project: Project, options: PartOptions, what: string): Target {
  const { app, name } = namesOf(options, what);
  return {
    app: app === undefined ? onlyApp(project) : appNamed(project, snake(app)),
    ...checkedClass(name, what),
  };
}

/** The fields that were asked for, one text each: `price:decimal(8,2)`. */
export function fieldTexts({ fields = [], path }: PartOptions): readonly string[] {
  const given = typeof fields === 'string' ? [fields] : fields;
  const all = isFields(path) ? [path, ...given] : given;
  return all.flatMap((text) => text.split(/[\s,]+(?![^()]*\))/)).filter((text) => text !== '');
}

function namesOf(
  { name = '', app, path }: PartOptions,
  what: string,
): { readonly app?: string; readonly name: string } {
  const parts = name.trim().split('/');
  if (parts.length > 2 || parts.some((part) => part === '' || part.startsWith('.'))) {
    const problem = name.trim() === '' ? `${what} needs a name` : `"${name}" is no name for ${what}`;
    throw new SchematicError(capitalized(problem), 'Write the app and the name: catalog/product');
  }
  const own = parts.at(-1)!;
  const said = parts.length === 2 ? parts[0]! : (app ?? (isFields(path) ? undefined : path));
  return { name: own, ...(said !== undefined && { app: said }) };
}

function isFields(path: string | undefined): path is string {
  return path !== undefined && path.includes(':');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
