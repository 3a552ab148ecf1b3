import { posix } from 'node:path';

import { SchematicError } from '../schematic-error.js';
import { appended, broken, propertyOf } from '../syntax/lists.js';
import { changed, parse } from '../syntax/source-text.js';
import { decoratorObject, type AppSource } from './apps.js';
import { type Project } from './project.js';

const OWN_URL = /^new URL\(\s*(['"`])([^'"`]+)\1,\s*import\.meta\.url,?\s*\)$/;

/**
 * The folder of an app's templates, as `@App({ templates })` says; where it says nothing, `templates/` of its package,
 * and that is what it says from now on.
 * @param change false to leave the module alone
 * @throws SchematicError where the module names its folder in a way that cannot be read
 */
export function templatesFolder(project: Project, app: AppSource, change: boolean): string {
  const source = project.source(app.path);
  const object = decoratorObject(source, app, 'App');
  const said = object && propertyOf(object, 'templates');
  const path = said && OWN_URL.exec(said.getText(source))?.[2];
  if (path !== undefined) return posix.join(app.folder, path).replace(/\/$/, '');
  if (!object || said) throw byHand(app);
  const folder = posix.join(project.packageFolder(app.folder), 'templates');
  if (change) {
    const relative = posix.relative(app.folder, folder);
    const url = `new URL('${relative.startsWith('.') ? relative : `./${relative}`}/', import.meta.url)`;
    const text = changed(source, [appended(source, object, `templates: ${url}`)]);
    project.change(
      app.path,
      broken(parse(app.path, text), (edited) => decoratorObject(edited, app, 'App')),
    );
  }
  return folder;
}

function byHand({ className, path }: AppSource): SchematicError {
  return new SchematicError(
    `${path} does not write \`templates\` of @App on ${className} as new URL('…', import.meta.url)`,
    'Give --channels database,log and write the templates of the mail by hand, or write the folder like that',
  );
}
