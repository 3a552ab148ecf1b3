import { compileBlock } from './blocks.js';
import { compileOutputValue } from './expressions.js';
import { type OutputNode, type TemplateNode } from './nodes.js';
import { Printer } from './output.js';
import { compilePartial } from './partials.js';
import { type Lexical } from './paths.js';
import { type Render } from './scope.js';
import { type Unit } from './unit.js';

/** Compiles nodes into one function; templates are compiled once and then only run. */
export type CompileNodes = (unit: Unit, nodes: readonly TemplateNode[], lexical: Lexical | null) => Render;

export const compileNodes: CompileNodes = (unit, nodes, lexical) => {
  const parts = nodes
    .filter((node) => node.kind !== 'text' || node.text !== '')
    .map((node) => compileNode(unit, node, lexical));
  const [first, second] = parts;
  if (!first) return () => '';
  if (!second) return first;
  return (scope) => {
    let output = '';
    for (const part of parts) output += part(scope);
    return output;
  };
};

function compileNode(unit: Unit, node: TemplateNode, lexical: Lexical | null): Render {
  if (node.kind === 'text') return () => node.text;
  if (node.kind === 'output') return compileOutput(unit, node, lexical);
  if (node.kind === 'block') return compileBlock(unit, node, lexical, compileNodes);
  return compilePartial(unit, node, lexical, compileNodes);
}

function compileOutput(unit: Unit, { at, value }: OutputNode, lexical: Lexical | null): Render {
  const printer = new Printer(unit.source, at, unit.place(at), (error) => unit.toolbox.report(error));
  const evaluate = compileOutputValue(unit, value, lexical);
  return (scope) => printer.print(evaluate(scope));
}
