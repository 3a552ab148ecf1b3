import { templateKind } from '../library/template-source.js';
import { type Position } from '../templates.errors.js';
import { type CompileNodes } from './compiler.js';
import { compileExpression, compileHash, located, required } from './expressions.js';
import { type Expression, type PartialNode } from './nodes.js';
import { type Evaluate, type Lexical } from './paths.js';
import { Scope, type Render } from './scope.js';
import { type Unit } from './unit.js';

/** Compiles `{{> name context key=value}}`: another template with its own context, and the blocks of this one. */
export function compilePartial(unit: Unit, node: PartialNode, lexical: Lexical | null, compile: CompileNodes): Render {
  unit.requireMarkupPlace('A partial', node.at);
  if (node.name.kind === 'path' && node.name.text === '@partial-block') return ({ yielded }) => yielded?.() ?? '';
  const load = compileTemplateName(unit, node.name, lexical, node.at);
  const context = compileContext(unit, node, lexical);
  const body = node.body && compile(unit, node.body, lexical);
  return (scope) => {
    const yielded = body ? () => body(scope) : null;
    return load(scope)(new Scope(context(scope), scope.state, null, scope.slots, yielded));
  };
}

function compileContext(unit: Unit, { context, hash, at }: PartialNode, lexical: Lexical | null): Evaluate {
  const given: Evaluate = context ? compileContextValue(unit, context, lexical) : (scope) => scope.context;
  if (hash.length === 0) return given;
  const values = compileHash(unit, hash, lexical);
  return (scope) => {
    const value = given(scope);
    if (typeof value === 'object') return { ...value, ...values(scope) };
    throw located(unit, at, 'The partial takes named values', new Error('its context is no object'));
  };
}

function compileContextValue(unit: Unit, context: Expression, lexical: Lexical | null): Evaluate {
  const evaluate = compileExpression(unit, context, lexical);
  return context.kind === 'path' ? required(unit, context, evaluate) : evaluate;
}

/** Finds the named template; a name that is written out is checked at once, a computed one when it is used. */
export function compileTemplateName(
  unit: Unit,
  name: Expression,
  lexical: Lexical | null,
  at: Position,
): (scope: Scope) => Render {
  const { toolbox } = unit;
  if (name.kind === 'literal') {
    const written = String(name.value);
    if (!toolbox.has(written)) throw unit.syntaxError(`No template named "${written}"`, at, toolbox.suggest(written));
    if (!fits(unit, written)) throw unit.syntaxError(misfit(unit, written), at, MISFIT_HINT);
    return () => toolbox.load(written);
  }
  const evaluate = compileExpression(unit, name, lexical);
  return (scope) => {
    const computed = evaluate(scope);
    if (typeof computed === 'string' && toolbox.has(computed)) {
      if (fits(unit, computed)) return toolbox.load(computed);
      throw located(unit, at, 'The computed name is wrong', new Error(misfit(unit, computed)));
    }
    const error = new Error(
      `no template named ${JSON.stringify(computed) ?? 'undefined'}. ${toolbox.suggest(String(computed))}`,
    );
    throw located(unit, at, 'The computed name is wrong', error);
  };
}

/** Values of plain text are not escaped, so none may come into markup that way. */
function fits({ source }: Unit, name: string): boolean {
  return templateKind(name) === source.kind;
}

function misfit({ source }: Unit, name: string): string {
  const [theirs, ours] = source.kind === 'text' ? ['markup', 'plain text'] : ['plain text', 'markup'];
  return `"${name}" is of ${theirs} and cannot become a part of ${ours}`;
}

const MISFIT_HINT = 'Names that end with .txt are of plain text; keep one of each where both are needed';
