import { SchematicError } from '../schematic-error.js';
import { kebab, pascal, snake, wordsOf } from './words.js';

/** A name as every kind of file spells it. */
export interface CheckedName {
  /** `product-review` */
  readonly file: string;
  /** `ProductReview` */
  readonly className: string;
}

/** Apps of the framework, and folders that an application has for something else. */
const TAKEN_APPS: ReadonlySet<string> = new Set(
  'admin api audit auth bowerbird contenttypes dist fixtures jobs migrations notifications sessions static templates test'.split(
    ' ',
  ),
);

/** Classes that a generated file imports, or that stand everywhere: one of the same name would hide them. */
const TAKEN_CLASSES: ReadonlySet<string> = new Set(
  [
    'Admin AdminFor App Column Entity Field Form Global Index JoinColumn JoinTable ManyToMany ManyToOne Meta Model',
    'ModelAdmin Module OneToMany OneToOne Relation PrimaryGeneratedColumn',
    'Array BigInt Boolean Buffer Date Error Function Infinity Intl Iterator JSON Map Math NaN Number Object Partial',
    'Pick Promise Proxy Readonly Record Reflect RegExp Set String Symbol URL WeakMap WeakSet',
  ].flatMap((line) => line.split(' ')),
);

/** Properties that every entity has already, or that an object cannot have for its own. */
const TAKEN_FIELDS: ReadonlySet<string> = new Set(['id', 'constructor', 'prototype', 'hasOwnProperty', 'toString']);

/** The name of an app and of its folder and class. @throws SchematicError */
export function checkedApp(given: string | undefined): CheckedName & { readonly app: string } {
  const name = given?.trim() ?? '';
  refusePath(name, 'an app', 'Say where it goes with --path');
  const app = snake(name);
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(app) || !/^[A-Za-z][\w-]*$/.test(name)) {
    throw new SchematicError(
      `"${name}" is no name for an app`,
      'Letters, digits and _, beginning with a letter; at most 32 characters',
    );
  }
  if (TAKEN_APPS.has(app)) throw new SchematicError(`The name "${app}" is taken`, 'Choose another name for the app');
  return { app, file: kebab(name), className: pascal(app) };
}

/** The name of a class: an entity, a form, a command. `what` is what it names: `an entity`. @throws SchematicError */
export function checkedClass(given: string | undefined, what: string): CheckedName {
  const name = given?.trim() ?? '';
  refusePath(name, what, 'Write the app and the name: catalog/product');
  const className = pascal(name);
  if (!/^[A-Za-z][\w-]*$/.test(name) || !/^[A-Z][A-Za-z\d]*$/.test(className) || className.length > 60) {
    throw new SchematicError(`"${name}" is no name for ${what}`, 'Letters and digits, beginning with a letter');
  }
  if (TAKEN_CLASSES.has(className)) {
    throw new SchematicError(`A class named ${className} would hide the usual one`, `Choose another name for ${what}`);
  }
  return { file: kebab(name), className };
}

/** The name of a property. @throws SchematicError */
export function checkedProperty(name: string): string {
  if (TAKEN_FIELDS.has(name)) {
    const reason = name === 'id' ? 'Every entity gets its id without being told' : 'Choose another name';
    throw new SchematicError(`A field cannot be named "${name}"`, reason);
  }
  if (/^[a-z][A-Za-z\d]*$/.test(name)) return name;
  const [first = '', ...rest] = wordsOf(name.replaceAll(/[^\w\s-]/g, ''));
  const better = [first, ...rest.map(pascal)].join('');
  const hint = /^[a-z]/.test(better) ? `Write ${better}` : 'Letters and digits, beginning with a small letter';
  throw new SchematicError(`"${name}" is no name for a field`, hint);
}

/** A folder below the project, with slashes and without one at its end. @throws SchematicError */
export function checkedFolder(given: string): string {
  const folder = given.trim().replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
  const parts = folder.split('/');
  if (folder === '' || /^([a-z]:)?\//i.test(folder) || parts.some((part) => !/^[\w@][\w.@-]*$/.test(part))) {
    throw new SchematicError(
      `"${given}" is no folder of this project`,
      'Give a path that begins in the project and stays inside of it, such as libs or src/shop',
    );
  }
  return folder;
}

function refusePath(name: string, what: string, hint: string): void {
  if (/[\\/]|\.\./.test(name)) throw new SchematicError(`"${name}" is a path, and no name for ${what}`, hint);
}
