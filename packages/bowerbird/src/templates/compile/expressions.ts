import { didYouMean } from '#core';

import { SafeHtml } from '../safe-html.js';
import { type HelperOptions } from '../template-contributions.js';
import { TemplateError, TemplateRenderError, type Position } from '../templates.errors.js';
import { type CallExpression, type Expression, type NamedArguments, type PathExpression } from './nodes.js';
import { missingVariable } from './output.js';
import { compilePath, type Evaluate, type Lexical } from './paths.js';
import { type Render, type Scope } from './scope.js';
import { type Unit } from './unit.js';

/** The two parts of a block that a helper may render. */
export interface BlockParts {
  readonly body: Render;
  readonly inverse: Render | null;
}

/** Compiles an argument. */
export function compileExpression(unit: Unit, expression: Expression, lexical: Lexical | null): Evaluate {
  if (expression.kind === 'literal') return () => expression.value;
  if (expression.kind === 'path') return compilePath(expression, lexical);
  return compileCall(unit, expression, lexical);
}

/** Compiles what a mustache prints: a lone word may be a helper that needs no arguments. */
export function compileOutputValue(unit: Unit, value: Expression, lexical: Lexical | null): Evaluate {
  if (value.kind !== 'path') return compileExpression(unit, value, lexical);
  if (isLoneHelper(unit, value, lexical)) return compileCall(unit, callOf(value), lexical);
  return required(unit, value, compilePath(value, lexical));
}

function isLoneHelper(unit: Unit, path: PathExpression, lexical: Lexical | null): boolean {
  const [name] = path.parts;
  if (path.parts.length !== 1 || path.scoped || path.data) return false;
  for (let level = lexical; level; level = level.outer) if (level.params.includes(name!)) return false;
  return unit.toolbox.helpers.get(name!)?.requires === 0;
}

function callOf({ at, parts }: PathExpression): CallExpression {
  return { kind: 'call', at, name: parts[0]!, args: [], hash: [] };
}

/** Reports the variable when it does not exist. */
export function required(unit: Unit, path: PathExpression, evaluate: Evaluate): Evaluate {
  return (scope) => {
    const value = evaluate(scope);
    if (value === undefined) reportMissing(unit, path, scope);
    return value;
  };
}

function reportMissing(unit: Unit, path: PathExpression, scope: Scope): void {
  const known = typeof scope.context === 'object' && scope.context !== null ? Object.keys(scope.context) : [];
  const hint = path.parts.length === 1 ? didYouMean(path.text, known) : '';
  unit.toolbox.report(missingVariable(path.text, unit.source, path.at, hint));
}

/** Compiles the call of a helper; `parts` are given when it stands as a block. */
export function compileCall(unit: Unit, call: CallExpression, lexical: Lexical | null, parts?: BlockParts): Evaluate {
  const helper = unit.toolbox.helpers.get(call.name);
  if (!helper) throw unknownHelper(unit, call);
  const args = call.args.map((argument, index) => {
    const evaluate = compileExpression(unit, argument, lexical);
    return index < helper.requires && argument.kind === 'path' ? required(unit, argument, evaluate) : evaluate;
  });
  if (args.length < helper.requires)
    throw unit.syntaxError(`The helper "${call.name}" needs ${helper.requires} argument(s)`, call.at);
  const hash = compileHash(unit, call.hash, lexical);
  return (scope) => {
    try {
      return helper.call(
        args.map((evaluate) => evaluate(scope)),
        helperOptions(scope, hash(scope), parts),
      );
    } catch (error) {
      throw located(unit, call.at, `The helper "${call.name}" failed`, error);
    }
  };
}

function helperOptions(scope: Scope, hash: Readonly<Record<string, unknown>>, parts?: BlockParts): HelperOptions {
  const { context, state } = scope;
  if (!parts) return { hash, context, root: state.root };
  const { body, inverse } = parts;
  return {
    hash,
    context,
    root: state.root,
    block: (...given: readonly unknown[]) => new SafeHtml(body(given.length > 0 ? scope.inner(given[0], []) : scope)),
    inverse: () => new SafeHtml(inverse ? inverse(scope) : ''),
  };
}

const NO_HASH: Readonly<Record<string, unknown>> = Object.freeze({});

/** Compiles named arguments into one object. */
export function compileHash(
  unit: Unit,
  hash: NamedArguments,
  lexical: Lexical | null,
): (scope: Scope) => Readonly<Record<string, unknown>> {
  if (hash.length === 0) return () => NO_HASH;
  const pairs = hash.map(([name, value]) => [name, compileExpression(unit, value, lexical)] as const);
  return (scope) => {
    const values: Record<string, unknown> = {};
    for (const [name, evaluate] of pairs) values[name] = evaluate(scope);
    return values;
  };
}

function unknownHelper(unit: Unit, { name, at, args }: CallExpression): Error {
  const guess = didYouMean(name, unit.toolbox.helpers.keys());
  const hint = guess || `Register it with @TemplateHelper('${name}')`;
  return unit.syntaxError(
    `No helper named "${name}"${args.length === 0 ? ' (only helpers take named arguments)' : ''}`,
    at,
    hint,
  );
}

/** An error with its place in the template; errors that already have one are kept. */
export function located(unit: Unit, at: Position, what: string, error: unknown): Error {
  if (error instanceof TemplateError || isStackOverflow(error)) return error as Error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TemplateRenderError(`${what}: ${reason}`, unit.source, at, { cause: error });
}

/** Whether an error says that calls are nested too deeply. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
