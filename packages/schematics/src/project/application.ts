import ts from 'typescript';

import { SchematicError } from '../schematic-error.js';
import { originOf, withImport } from '../syntax/imports.js';
import { appended, broken, lists, mentions, propertyOf } from '../syntax/lists.js';
import { changed, nodesOf, parse } from '../syntax/source-text.js';
import { importedFile, type Project } from './project.js';

/** Something written in a file. */
interface Written<N extends ts.Node> {
  readonly source: ts.SourceFile;
  readonly node: N;
}

/** How many names are followed from `forRoot(settings)` to what they stand for. */
const STEPS = 5;

/**
 * Adds an app to `apps` of the settings, where `FrameworkModule.forRoot` gets them.
 * @param specifierOf how a file of the application imports the module of the app
 * @throws SchematicError where the settings are not written so that a generator can add to them
 */
export function registerApp(project: Project, className: string, specifierOf: (file: string) => string): void {
  const settings = findSettings(project, className);
  const apps = propertyOf(settings.node, 'apps');
  if (!apps && mentions(settings.node, 'apps')) throw byHand(settings.source.fileName, className);
  const list = apps && resolved(project, { source: settings.source, node: apps }, ts.isArrayLiteralExpression);
  if (apps && !list) throw byHand(settings.source.fileName, className);
  if (list && lists(list.source, list.node, className)) return;
  const path = (list ?? settings).source.fileName;
  const start = list?.node.getStart(list.source);
  const change = list
    ? appended(list.source, list.node, className)
    : appended(settings.source, settings.node, `apps: [${className}]`);
  const edited = parse(path, changed((list ?? settings).source, [change]));
  const whole = broken(edited, (source) => listAt(source, start, className));
  project.change(path, withImport(parse(path, whole), className, specifierOf(path)));
}

/** The object that `FrameworkModule.forRoot` gets, wherever it is written. @throws SchematicError */
function findSettings(project: Project, className: string): Written<ts.ObjectLiteralExpression> {
  const calls = project.sources(project.sourceRoot).flatMap((path) => callsIn(project, path));
  if (calls.length !== 1) {
    const count = calls.length === 0 ? 'calls FrameworkModule.forRoot nowhere' : 'calls FrameworkModule.forRoot twice';
    throw new SchematicError(
      `${project.sourceRoot} ${count}, so the app cannot be listed in its settings`,
      `Give --skip-import and add ${className} to \`apps\` of the settings by hand`,
    );
  }
  const [call] = calls;
  const settings = resolved(project, call!, ts.isObjectLiteralExpression);
  if (settings) return settings;
  throw byHand(call!.source.fileName, className);
}

function callsIn(project: Project, path: string): readonly Written<ts.Expression>[] {
  if (!project.read(path).includes('FrameworkModule.forRoot(')) return [];
  const source = project.source(path);
  return [...nodesOf(source, ts.isCallExpression)]
    .filter((call) => call.expression.getText(source) === 'FrameworkModule.forRoot' && call.arguments.length > 0)
    .map((call) => ({ source, node: call.arguments[0]! }));
}

/** What an expression stands for, through constants of this file and of those that it imports. */
function resolved<N extends ts.Node>(
  project: Project,
  { source, node }: Written<ts.Expression>,
  is: (node: ts.Node) => node is N,
  steps = STEPS,
): Written<N> | undefined {
  const bare = withoutTypes(node);
  if (is(bare)) return { source, node: bare };
  if (!ts.isIdentifier(bare) || steps === 0) return undefined;
  const found = constantOf(project, source, bare.text);
  return found && resolved(project, found, is, steps - 1);
}

function constantOf(project: Project, source: ts.SourceFile, name: string): Written<ts.Expression> | undefined {
  for (const declaration of nodesOf(source, ts.isVariableDeclaration)) {
    if (declaration.name.getText(source) === name && declaration.initializer) {
      return { source, node: declaration.initializer };
    }
  }
  const origin = originOf(source, name);
  if (!origin?.startsWith('.')) return undefined;
  const path = importedFile(source.fileName, origin);
  return project.has(path) ? constantOf(project, project.source(path), name) : undefined;
}

function withoutTypes(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)
    ? withoutTypes(node.expression)
    : node;
}

/** The list that has just got the app. Places before it do not move, unless its own line is broken. */
function listAt(
  source: ts.SourceFile,
  start: number | undefined,
  className: string,
): ts.ArrayLiteralExpression | undefined {
  const all = [...nodesOf(source, ts.isArrayLiteralExpression)].filter((each) => lists(source, each, className));
  return all.find((each) => each.getStart(source) === start) ?? all[0];
}

function byHand(path: string, className: string): SchematicError {
  return new SchematicError(
    `${path} does not write \`apps\` of the settings as a list, so a generator cannot add to it`,
    `Give --skip-import and add ${className} to \`apps\` by hand`,
  );
}
