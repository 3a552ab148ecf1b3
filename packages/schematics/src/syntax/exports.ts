import ts from 'typescript';

import { inOrder } from './imports.js';
import { changed, nodesOf } from './source-text.js';

/** The text of a door that exports a name from a file, in the order of the files. It is the same when it does already. */
export function withExport(source: ts.SourceFile, name: string, from: string): string {
  const doors = source.statements.filter(ts.isExportDeclaration);
  if (
    doors.some((each) => [...nodesOf(each, ts.isExportSpecifier)].some((specifier) => specifier.name.text === name))
  ) {
    return source.text;
  }
  const next = doors.find(({ moduleSpecifier }) => moduleSpecifier && inOrder(from, textOf(moduleSpecifier)) < 0);
  const start = next?.getStart(source) ?? doors.at(-1)?.end ?? source.text.length;
  const line = `export { ${name} } from '${from}';`;
  const text = next ? `${line}\n` : doors.length > 0 ? `\n${line}` : `${line}\n`;
  return changed(source, [{ start, end: start, text }]);
}

function textOf(module: ts.Expression): string {
  return ts.isStringLiteral(module) ? module.text : '';
}

/** Whether a file exports a class where it declares it, or in a list. */
export function isExported(source: ts.SourceFile, className: string): boolean {
  for (const each of nodesOf(source, ts.isClassDeclaration)) {
    if (each.name?.text === className && each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      return true;
    }
  }
  return [...nodesOf(source, ts.isExportSpecifier)].some(({ name }) => name.text === className);
}
