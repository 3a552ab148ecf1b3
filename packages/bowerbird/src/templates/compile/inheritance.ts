import { type CompileNodes } from './compiler.js';
import { type BlockNode, type TemplateNode } from './nodes.js';
import { compileTemplateName } from './partials.js';
import { type Lexical } from './paths.js';
import { Scope, type Render, type SlotContent, type SlotMode, type Slots } from './scope.js';
import { type Unit } from './unit.js';

const MODES: readonly SlotMode[] = ['replace', 'append', 'prepend'];

/** A named content of an extending template, compiled. */
interface NamedContent {
  readonly name: string;
  readonly mode: SlotMode;
  readonly render: Render;
}

/** Compiles `{{#extend "layout"}}{{#content "name"}}…{{/content}}{{/extend}}`. */
export function compileExtend(unit: Unit, node: BlockNode, lexical: Lexical | null, compile: CompileNodes): Render {
  const [layout] = node.args;
  if (!layout || node.args.length > 1)
    throw unit.syntaxError('{{#extend}} takes the name of one template', node.at, 'Write {{#extend "admin/layout"}}');
  unit.requireMarkupPlace('{{#extend}}', node.at);
  const load = compileTemplateName(unit, layout, lexical, node.at);
  const contents = contentsOf(unit, node).map((content) => compileContent(unit, content, lexical, compile));
  return (scope) => load(scope)(new Scope(scope.context, scope.state, null, fill(contents, scope), scope.yielded));
}

/** Compiles `{{#block "name"}}default{{/block}}`: what derived templates say, else the default. */
export function compileBlockSlot(unit: Unit, node: BlockNode, lexical: Lexical | null, compile: CompileNodes): Render {
  const name = literalName(unit, node);
  unit.requireMarkupPlace(`The block "${name}"`, node.at);
  const own = compile(unit, node.body, lexical);
  return (scope) => {
    const contents = scope.slots?.get(name);
    return contents ? resolveSlot(contents, () => own(scope)) : own(scope);
  };
}

/** Base first: a replacement starts anew, the others join what is there. Nothing that is replaced is rendered. */
function resolveSlot(contents: readonly SlotContent[], own: () => string): string {
  const replacing = contents.findIndex(({ mode }) => mode === 'replace');
  let output = replacing < 0 ? own() : '';
  for (let index = replacing < 0 ? contents.length - 1 : replacing; index >= 0; index -= 1) {
    const { mode, render, scope } = contents[index]!;
    output = mode === 'prepend' ? render(scope) + output : output + render(scope);
  }
  return output;
}

/** The blocks that more derived templates filled, followed by the contents of this one. */
function fill(contents: readonly NamedContent[], scope: Scope): Slots {
  const slots = new Map<string, readonly SlotContent[]>(scope.slots ?? []);
  for (const { name, mode, render } of contents) slots.set(name, [...(slots.get(name) ?? []), { mode, render, scope }]);
  return slots;
}

/** The contents directly inside of an extend; anything else there would be lost, so it is refused. */
function contentsOf(unit: Unit, { body, inverse, at }: BlockNode): readonly BlockNode[] {
  if (inverse) throw unit.syntaxError('{{#extend}} has no {{else}}', at);
  return body.filter((node): node is BlockNode => {
    if (node.kind === 'block' && node.name === 'content') return true;
    if (node.kind === 'text' && node.text.trim() === '') return false;
    throw unit.syntaxError(
      'Only {{#content}} may stand in {{#extend}}',
      positionOf(node) ?? at,
      'Move it into a {{#content "…"}}',
    );
  });
}

function positionOf(node: TemplateNode): BlockNode['at'] | undefined {
  return node.kind === 'text' ? undefined : node.at;
}

function compileContent(unit: Unit, node: BlockNode, lexical: Lexical | null, compile: CompileNodes): NamedContent {
  const given = node.hash.find(([name]) => name === 'mode')?.[1];
  const mode =
    given === undefined ? 'replace' : MODES.find((known) => given.kind === 'literal' && given.value === known);
  if (!mode) throw unit.syntaxError(`The mode of a content is one of ${MODES.join(', ')}`, node.at);
  return { name: literalName(unit, node), mode, render: compile(unit, node.body, lexical) };
}

function literalName(unit: Unit, node: BlockNode): string {
  const [name] = node.args;
  if (node.args.length === 1 && name?.kind === 'literal' && typeof name.value === 'string') return name.value;
  throw unit.syntaxError(`{{#${node.name}}} takes one name`, node.at, `Write {{#${node.name} "title"}}`);
}
