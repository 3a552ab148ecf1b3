import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PACKAGE = join(ROOT, 'packages/bowerbird');
export const SOURCE = join(PACKAGE, 'src');

/** One import or export-from of a source file. */
export interface ImportEdge {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/** One TypeScript file of the package, parsed. */
export interface SourceFile {
  /** Path below `src`, with slashes. */
  readonly path: string;
  readonly area: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly ImportEdge[];
}

/** All files below a folder whose names end with one of the suffixes, sorted. */
export function filesBelow(folder: string, ...suffixes: string[]): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && suffixes.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules') && !path.includes('/dist/'))
    .sort();
}

/** The package's own sources without specs. */
export function packageSources(): readonly SourceFile[] {
  return filesBelow(SOURCE, '.ts')
    .filter((path) => !path.endsWith('.spec.ts'))
    .map(parseFile);
}

/** What a TypeScript file anywhere imports. */
export function importsIn(path: string): readonly ImportEdge[] {
  return importsOf(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true));
}

function parseFile(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const name = relative(SOURCE, path).replaceAll('\\', '/');
  return { path: name, area: name.includes('/') ? name.split('/')[0]! : '', text, tree, imports: importsOf(tree) };
}

function importsOf(tree: ts.SourceFile): ImportEdge[] {
  const edges: ImportEdge[] = [];
  const visit = (node: ts.Node): void => {
    const edge = staticEdge(node) ?? dynamicEdge(node) ?? typeEdge(node);
    if (edge) edges.push(edge);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return edges;
}

function staticEdge(node: ts.Node): ImportEdge | undefined {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
  if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) return undefined;
  return { specifier: node.moduleSpecifier.text, typeOnly: isTypeOnly(node), dynamic: false };
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
}

function dynamicEdge(node: ts.Node): ImportEdge | undefined {
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const [argument] = node.arguments;
  return argument && ts.isStringLiteral(argument)
    ? { specifier: argument.text, typeOnly: false, dynamic: true }
    : undefined;
}

/** `import('…').Name` in the place of a type. */
function typeEdge(node: ts.Node): ImportEdge | undefined {
  if (!ts.isImportTypeNode(node) || !ts.isLiteralTypeNode(node.argument)) return undefined;
  const { literal } = node.argument;
  return ts.isStringLiteral(literal) ? { specifier: literal.text, typeOnly: true, dynamic: false } : undefined;
}
