import ts from 'typescript';

import { type EntitySource } from '../project/entities.js';
import { type Project } from '../project/project.js';
import { SchematicError } from '../schematic-error.js';
import { withoutImport } from '../syntax/imports.js';
import { changed, nodesOf, parse } from '../syntax/source-text.js';

/**
 * Takes `@Admin({ … })` off an entity. Returns the code of its options; undefined where it has none.
 * @throws SchematicError where the options speak of things that another file does not know
 */
export function takeAdmin(project: Project, { path, className }: EntitySource): string | undefined {
  const source = project.source(path);
  const found = decoratorsOf(source, className).find((each) => nameOf(each) === 'Admin');
  if (!found || !ts.isCallExpression(found.expression)) return undefined;
  const [options] = found.expression.arguments;
  if (options && speaksOfOthers(options)) {
    throw new SchematicError(
      `@Admin on ${className} in ${path} is more than plain values`,
      `Move its options to @AdminFor(${className}, …) on a class that extends ModelAdmin<${className}> by hand`,
    );
  }
  const gap = /^\s*/.exec(source.text.slice(found.end))![0].length;
  const text = changed(source, [{ start: found.getStart(source), end: found.end + gap, text: '' }]);
  const rest = parse(path, text);
  const used = [...nodesOf(rest, ts.isDecorator)].some((each) => nameOf(each) === 'Admin');
  project.change(path, used ? text : withoutImport(rest, 'Admin'));
  return options?.getText(source);
}

function decoratorsOf(source: ts.SourceFile, className: string): readonly ts.Decorator[] {
  const declaration = [...nodesOf(source, ts.isClassDeclaration)].find(({ name }) => name?.text === className);
  return (declaration && ts.getDecorators(declaration)) ?? [];
}

function nameOf({ expression }: ts.Decorator): string {
  return ts.isCallExpression(expression) ? expression.expression.getText() : expression.getText();
}

/** Whether an expression has names in it that are no properties. */
function speaksOfOthers(options: ts.Expression): boolean {
  return [...nodesOf(options, ts.isIdentifier)].some(
    (name) => !(ts.isPropertyAssignment(name.parent) && name.parent.name === name),
  );
}
