import ts from 'typescript';

import { nodesOf } from './source-text.js';

/** Whether a file exports a class where it declares it, or in a list. */
export function isExported(source: ts.SourceFile, className: string): boolean {
  for (const each of nodesOf(source, ts.isClassDeclaration)) {
    if (each.name?.text === className && each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      return true;
    }
  }
  return [...nodesOf(source, ts.isExportSpecifier)].some(({ name }) => name.text === className);
}
