import ts from 'typescript';

import { SchematicError } from '../schematic-error.js';
import { changed, quoteOf, type TextChange } from './source-text.js';

/** Orders names and modules as import sorters do. */
export const inOrder = new Intl.Collator('en', { sensitivity: 'base', numeric: true, caseFirst: 'lower' }).compare;

/** The text of a file that imports a name. It is the same when it does already. @throws SchematicError */
export function withImport(source: ts.SourceFile, name: string, from: string): string {
  const imports = source.statements.filter(ts.isImportDeclaration);
  const holder = imports.find((each) => namesOf(each).some((specifier) => specifier.name.text === name));
  if (holder) {
    if (moduleOf(holder) === from) return source.text;
    throw new SchematicError(
      `${source.fileName} imports another ${name}, from '${moduleOf(holder)}'`,
      `Import the one from '${from}' by hand, under another name`,
    );
  }
  const same = imports.find((each) => moduleOf(each) === from && namesOf(each).length > 0 && !isTypeOnly(each));
  return changed(source, [same ? intoList(source, same, name) : ownLine(source, imports, name, from)]);
}

/** The text of a file that does not import a name any more. */
export function withoutImport(source: ts.SourceFile, name: string): string {
  for (const each of source.statements.filter(ts.isImportDeclaration)) {
    const names = namesOf(each);
    const index = names.findIndex((specifier) => specifier.name.text === name);
    if (index === -1) continue;
    const change = names.length === 1 ? wholeLine(source, each) : specifierGap(source, names, index);
    return changed(source, [change]);
  }
  return source.text;
}

/** The module that a file imports a name from. */
export function originOf(source: ts.SourceFile, name: string): string | undefined {
  const holder = source.statements
    .filter(ts.isImportDeclaration)
    .find((each) => namesOf(each).some((specifier) => specifier.name.text === name));
  return holder && moduleOf(holder);
}

function intoList(source: ts.SourceFile, declaration: ts.ImportDeclaration, name: string): TextChange {
  const names = namesOf(declaration);
  const next = names.find((each) => each.isTypeOnly || inOrder(name, each.name.text) < 0);
  if (next) {
    const start = next.getStart(source);
    const gap = source.text.slice(0, start).match(/\n[ \t]*$/)?.[0] ?? ' ';
    return { start, end: start, text: `${name},${gap}` };
  }
  const last = names.at(-1)!;
  const gap = /^\s*$/.exec(source.text.slice(last.pos, last.getStart(source)))?.[0] ?? ' ';
  return { start: last.end, end: last.end, text: `,${gap.includes('\n') ? gap : ' '}${name}` };
}

function ownLine(
  source: ts.SourceFile,
  imports: readonly ts.ImportDeclaration[],
  name: string,
  from: string,
): TextChange {
  const quote = quoteOf(source);
  const end = imports.length > 0 && !imports[0]!.getText(source).endsWith(';') ? '' : ';';
  const line = `import { ${name} } from ${quote}${from}${quote}${end}`;
  const group = imports.filter((each) => isRelative(moduleOf(each)) === isRelative(from) && namesOf(each).length > 0);
  const next = group.find((each) => inOrder(from, moduleOf(each)) < 0);
  if (next) return inserted(next.getStart(source), `${line}\n`);
  if (group.length > 0) return inserted(group.at(-1)!.end, `\n${line}`);
  const last = imports.at(-1);
  if (!last) return inserted(bodyStart(source), `${line}\n\n`);
  return isRelative(from) ? inserted(last.end, `\n\n${line}`) : inserted(imports[0]!.getStart(source), `${line}\n\n`);
}

function inserted(position: number, text: string): TextChange {
  return { start: position, end: position, text };
}

/** Behind the first line where that tells the system how to run the file. */
function bodyStart(source: ts.SourceFile): number {
  return ts.getShebang(source.text)?.length ?? 0;
}

function wholeLine(source: ts.SourceFile, declaration: ts.ImportDeclaration): TextChange {
  const rest = /^[ \t]*\r?\n/.exec(source.text.slice(declaration.end))?.[0].length ?? 0;
  return { start: declaration.getStart(source), end: declaration.end + rest, text: '' };
}

function specifierGap(source: ts.SourceFile, names: readonly ts.ImportSpecifier[], index: number): TextChange {
  const next = names[index + 1];
  return next
    ? { start: names[index]!.getStart(source), end: next.getStart(source), text: '' }
    : { start: names[index - 1]!.end, end: names[index]!.end, text: '' };
}

function namesOf({ importClause }: ts.ImportDeclaration): readonly ts.ImportSpecifier[] {
  const bindings = importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
}

function moduleOf({ moduleSpecifier }: ts.ImportDeclaration): string {
  return ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isRelative(module: string): boolean {
  return module.startsWith('.');
}
