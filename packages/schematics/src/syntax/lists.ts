import ts from 'typescript';

import { changed, indentAt, lineOf, nodesOf, parse, WIDTH, type TextChange } from './source-text.js';

/** What holds items between two brackets. */
type Literal = ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;

/** Adds an item behind the last one, on a line of its own where the others stand so. Comments stay where they are. */
export function appended(source: ts.SourceFile, literal: Literal, item: string): TextChange {
  const items = itemsOf(literal);
  const last = items.at(-1);
  if (!last) return intoEmpty(source, literal, item);
  const afterComma = items.hasTrailingComma ? source.text.indexOf(',', commentsEnd(source, last.end)) + 1 : last.end;
  if (lineOf(source, literal.getStart(source)) === lineOf(source, literal.end)) {
    return { start: last.end, end: last.end, text: `, ${item}` };
  }
  const indent = indentAt(source, last.getStart(source));
  const end = commentsEnd(source, afterComma);
  const comments = source.text.slice(afterComma, end);
  return items.hasTrailingComma
    ? { start: end, end, text: `\n${indent}${item},` }
    : { start: last.end, end, text: `,${comments}\n${indent}${item}` };
}

/**
 * Breaks the line on which a literal stands while it is too long, from the outside to the inside as formatters do.
 * `find` finds the literal again after each change.
 */
export function broken(source: ts.SourceFile, find: (source: ts.SourceFile) => Literal | undefined): string {
  const literal = find(source);
  if (!literal) return source.text;
  const start = literal.getStart(source);
  const line = source.text.slice(source.text.lastIndexOf('\n', start) + 1).split(/\r?\n/, 1)[0]!;
  const outermost = line.length > WIDTH ? outermostOn(source, literal) : undefined;
  if (!outermost) return source.text;
  return broken(parse(source.fileName, changed(source, [opened(source, outermost)])), find);
}

/** The text of a generated file whose lists and objects are broken where their line is too long. */
export function withoutLongLines(path: string, text: string): string {
  if (!text.split('\n').some((line) => line.length > WIDTH)) return text;
  const source = parse(path, text);
  for (const literal of nodesOf(source, isLiteral)) {
    if (isOnLongLine(source, literal)) return withoutLongLines(path, changed(source, [opened(source, literal)]));
  }
  return text;
}

function isOnLongLine(source: ts.SourceFile, literal: Literal): boolean {
  const start = literal.getStart(source);
  const line = lineOf(source, start);
  return line === lineOf(source, literal.end) && source.text.split('\n')[line]!.length > WIDTH;
}

/** Whether a list has an item already, whatever stands around it. */
export function lists(source: ts.SourceFile, list: ts.ArrayLiteralExpression, item: string): boolean {
  return list.elements.some((element) => element.getText(source) === item);
}

function itemsOf(literal: Literal): ts.NodeArray<ts.Node> {
  return ts.isArrayLiteralExpression(literal) ? literal.elements : literal.properties;
}

function intoEmpty(source: ts.SourceFile, literal: Literal, item: string): TextChange {
  const [start, end] = [literal.getStart(source) + 1, literal.end - 1];
  const inside = source.text.slice(start, end).trim();
  if (inside === '') return { start, end, text: ts.isArrayLiteralExpression(literal) ? item : ` ${item} ` };
  const indent = indentAt(source, start);
  return { start, end, text: `\n${indent}  ${inside}\n${indent}  ${item},\n${indent}` };
}

/** Where the comments end that stand behind a position on its line. */
function commentsEnd(source: ts.SourceFile, position: number): number {
  return ts.getTrailingCommentRanges(source.text, position)?.at(-1)?.end ?? position;
}

function outermostOn(source: ts.SourceFile, literal: Literal): Literal | undefined {
  const line = lineOf(source, literal.getStart(source));
  const found: Literal[] = [];
  for (let node: ts.Node = literal; node !== source; node = node.parent) {
    if (isLiteral(node) && lineOf(source, node.getStart(source)) === line && lineOf(source, node.end) === line) {
      found.push(node);
    }
  }
  return found.at(-1);
}

/** One item on each line. */
function opened(source: ts.SourceFile, literal: Literal): TextChange {
  const [start, end] = [literal.getStart(source) + 1, literal.end - 1];
  const indent = indentAt(source, start);
  const items = itemsOf(literal).map((item) => `${indent}  ${item.getText(source)},\n`);
  return { start, end, text: `\n${items.join('')}${indent}` };
}

function isLiteral(node: ts.Node): node is Literal {
  return ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);
}

/** The value of a property of an object literal. */
export function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find(
    (each) =>
      ts.isPropertyAssignment(each) &&
      (ts.isIdentifier(each.name) || ts.isStringLiteral(each.name)) &&
      each.name.text === name,
  );
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** Whether an object literal says something of a property in any way: `apps`, `apps: …`, `get apps()`. */
export function mentions(object: ts.ObjectLiteralExpression, name: string): boolean {
  return object.properties.some(({ name: each }) => each !== undefined && ts.isIdentifier(each) && each.text === name);
}

/** The first object literal that is the argument of a decorator or call of this name. */
export function argumentOf(root: ts.Node, callee: string): ts.ObjectLiteralExpression | undefined {
  for (const call of nodesOf(root, ts.isCallExpression)) {
    const [argument] = call.arguments;
    if (call.expression.getText() === callee && argument && ts.isObjectLiteralExpression(argument)) return argument;
  }
  return undefined;
}

/** The first object literal of a file: all of it, where the file is JSON. */
export function firstObject(source: ts.SourceFile): ts.ObjectLiteralExpression | undefined {
  for (const object of nodesOf(source, ts.isObjectLiteralExpression)) return object;
  return undefined;
}
