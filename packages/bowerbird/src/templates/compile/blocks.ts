import { SafeHtml } from '../safe-html.js';
import { type CompileNodes } from './compiler.js';
import { compileCall, compileExpression, required } from './expressions.js';
import { compileBlockSlot, compileExtend } from './inheritance.js';
import { type BlockNode } from './nodes.js';
import { Printer } from './output.js';
import { type Evaluate, type Lexical } from './paths.js';
import { type Render, type Scope } from './scope.js';
import { type Unit } from './unit.js';

type CompileBlock = (unit: Unit, node: BlockNode, lexical: Lexical | null, compile: CompileNodes) => Render;

const BLOCKS: Readonly<Record<string, CompileBlock>> = {
  if: (unit, node, lexical, compile) => compileCondition(unit, node, lexical, compile, true),
  unless: (unit, node, lexical, compile) => compileCondition(unit, node, lexical, compile, false),
  each: compileEach,
  with: compileWith,
  extend: compileExtend,
  block: compileBlockSlot,
  content: (unit, node) => {
    throw unit.syntaxError('{{#content}} stands outside of {{#extend}}', node.at, 'Put it directly into {{#extend}}');
  },
};

/** The names of the blocks that the language itself has. */
export const BLOCK_NAMES: readonly string[] = Object.keys(BLOCKS);

/** Compiles a block: one of the language's own, or a helper's. */
export const compileBlock: CompileBlock = (unit, node, lexical, compile) => {
  const own = Object.hasOwn(BLOCKS, node.name) ? BLOCKS[node.name] : undefined;
  if (own) return own(unit, node, lexical, compile);
  const inner = inside(node, lexical);
  const parts = {
    body: compile(unit, node.body, lexical),
    inverse: node.inverse && compile(unit, node.inverse, lexical),
  };
  if (inner !== lexical) throw unit.syntaxError(`The block "${node.name}" gives no block parameters`, node.at);
  const call = compileCall(
    unit,
    { kind: 'call', at: node.at, name: node.name, args: node.args, hash: node.hash },
    lexical,
    parts,
  );
  const place = unit.place(node.at);
  const printer = new Printer(unit.source, node.at, place, (error) => unit.toolbox.report(error));
  // The parts of a list could only together be an address that must not be.
  const print = (value: unknown): string =>
    Array.isArray(value) && (place === 'text' || place === 'plain') ? value.map(print).join('') : printer.print(value);
  return (scope) => print(call(scope));
};

/** Whether a condition holds: null, undefined, false, 0, '', [] and empty markup do not. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value) || value instanceof SafeHtml) return value.length > 0;
  return Boolean(value);
}

function inside(node: BlockNode, lexical: Lexical | null): Lexical | null {
  return node.params.length > 0 ? { params: node.params, outer: lexical } : lexical;
}

function onlyArgument(unit: Unit, node: BlockNode): BlockNode['args'][number] {
  if (node.args.length === 1) return node.args[0]!;
  throw unit.syntaxError(`{{#${node.name}}} takes one argument, not ${node.args.length}`, node.at);
}

function compileCondition(
  unit: Unit,
  node: BlockNode,
  lexical: Lexical | null,
  compile: CompileNodes,
  wanted: boolean,
): Render {
  const test = compileExpression(unit, onlyArgument(unit, node), lexical);
  const body = compile(unit, node.body, lexical);
  const inverse = compile(unit, node.inverse ?? [], lexical);
  return (scope) => (isTruthy(test(scope)) === wanted ? body(scope) : inverse(scope));
}

/** The collection or context of a block; one that does not exist is reported. */
function compileSubject(unit: Unit, node: BlockNode, lexical: Lexical | null): Evaluate {
  const argument = onlyArgument(unit, node);
  const evaluate = compileExpression(unit, argument, lexical);
  return argument.kind === 'path' ? required(unit, argument, evaluate) : evaluate;
}

function compileWith(unit: Unit, node: BlockNode, lexical: Lexical | null, compile: CompileNodes): Render {
  const subject = compileSubject(unit, node, lexical);
  const body = compile(unit, node.body, { params: node.params, outer: lexical });
  const inverse = compile(unit, node.inverse ?? [], lexical);
  return (scope) => {
    const value = subject(scope);
    return isTruthy(value) ? body(scope.inner(value, [value])) : inverse(scope);
  };
}

function compileEach(unit: Unit, node: BlockNode, lexical: Lexical | null, compile: CompileNodes): Render {
  const subject = compileSubject(unit, node, lexical);
  const body = compile(unit, node.body, { params: node.params, outer: lexical });
  const inverse = compile(unit, node.inverse ?? [], lexical);
  return (scope) => {
    const entries = entriesOf(subject(scope));
    return entries.values.length > 0 ? renderEach(body, entries, scope) : inverse(scope);
  };
}

interface Entries {
  readonly values: readonly unknown[];
  /** Names of an object's properties; absent for lists. */
  readonly keys?: readonly string[];
}

function entriesOf(value: unknown): Entries {
  if (Array.isArray(value)) return { values: value };
  if (typeof value !== 'object' || value === null || value instanceof SafeHtml) return { values: [] };
  if (Symbol.iterator in value) return { values: [...(value as Iterable<unknown>)] };
  return { values: Object.values(value), keys: Object.keys(value) };
}

function renderEach(body: Render, { values, keys }: Entries, outer: Scope): string {
  let output = '';
  for (let index = 0; index < values.length; index += 1) {
    const key = keys?.[index];
    const scope = outer.inner(values[index], [values[index], key ?? index]);
    scope.index = index;
    scope.key = key ?? String(index);
    scope.last = index === values.length - 1;
    output += body(scope);
  }
  return output;
}
