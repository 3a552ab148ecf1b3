import ts from 'typescript';

/** A piece of a text that is replaced; nothing is when both ends are the same. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Columns of a line before it is broken into several. */
export const WIDTH = 120;

/** Reads a TypeScript or JSON file. Comments and blanks stay in its text. */
export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** The text with all changes made; new lines end as those of the file do. */
export function changed(source: ts.SourceFile, changes: readonly TextChange[]): string {
  const end = source.text.includes('\r\n') ? '\r\n' : '\n';
  return changes
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, change) => {
      const inserted = end === '\n' ? change.text : change.text.replaceAll('\n', end);
      return text.slice(0, change.start) + inserted + text.slice(change.end);
    }, source.text);
}

/** Every node of a tree that is of a kind, from the outside to the inside. */
export function* nodesOf<N extends ts.Node>(root: ts.Node, is: (node: ts.Node) => node is N): Generator<N> {
  if (is(root)) yield root;
  for (const child of childrenOf(root)) yield* nodesOf(child, is);
}

/** The blanks at the beginning of the line that a position is in. */
export function indentAt(source: ts.SourceFile, position: number): string {
  const start = source.text.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(source.text.slice(start))![0];
}

/** The line that a position is in, from 0. */
export function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line;
}

/** The quote that a file uses for its imports. */
export function quoteOf(source: ts.SourceFile): string {
  const first = source.statements.find(ts.isImportDeclaration);
  return first?.moduleSpecifier.getText(source).startsWith('"') ? '"' : "'";
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}
