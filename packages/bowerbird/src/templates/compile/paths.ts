import { type PathExpression } from './nodes.js';
import { type Scope } from './scope.js';

/** Computes a value in a scope; undefined means that it does not exist. */
export type Evaluate = (scope: Scope) => unknown;

/** The block parameters in force where an expression stands, innermost first. */
export interface Lexical {
  readonly params: readonly string[];
  readonly outer: Lexical | null;
}

/**
 * A property as templates see it: own properties only, so that prototypes stay out of reach. Null has null properties
 * (`{{author.name}}` of a post without an author prints nothing); what does not exist has none.
 */
export function property(value: unknown, name: string): unknown {
  if (value === null) return null;
  if (typeof value === 'object')
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' && name === 'length' ? value.length : undefined;
}

/** Compiles a variable into its lookup. */
export function compilePath(path: PathExpression, lexical: Lexical | null): Evaluate {
  const local = path.scoped || path.data ? undefined : compileLocal(path, lexical);
  if (local) return local;
  const [first, ...rest] = path.parts;
  if (!path.data) return follow(compileFirst(path.depth, first, path.scoped), rest);
  return first === 'root' ? compileRoot(rest) : follow(compileData(path.depth, first!), rest);
}

function compileLocal(path: PathExpression, lexical: Lexical | null): Evaluate | undefined {
  const [first, ...rest] = path.parts;
  let hops = 0;
  for (let level = lexical; level; level = level.outer, hops += 1) {
    const index = level.params.indexOf(first!);
    if (index < 0) continue;
    const depth = hops;
    return follow((scope) => ancestor(scope, depth)?.locals?.[index], rest);
  }
  return undefined;
}

function compileFirst(depth: number, first: string | undefined, scoped: boolean): Evaluate {
  if (depth === 0 && first !== undefined) return scoped ? (scope) => property(scope.context, first) : fromScope(first);
  const outer: Evaluate = (scope) => ancestor(scope, depth)?.context;
  return first === undefined ? outer : (scope) => property(outer(scope), first);
}

/** The context's own property, else a global. */
function fromScope(name: string): Evaluate {
  return ({ context, state }) =>
    typeof context === 'object' && context !== null && Object.hasOwn(context, name)
      ? (context as Record<string, unknown>)[name]
      : state.globals.get(name);
}

function compileData(depth: number, name: string): Evaluate {
  switch (name) {
    case 'index':
      return (scope) => ancestor(scope, depth)?.index;
    case 'key':
      return (scope) => ancestor(scope, depth)?.key;
    case 'first':
      return (scope) => ancestor(scope, depth)?.index === 0;
    case 'last':
      return (scope) => ancestor(scope, depth)?.last;
    default:
      return ({ state }) => state.globals.get(name);
  }
}

/** `@root` is the model; a name that it lacks is looked for among the globals. */
function compileRoot([name, ...rest]: readonly string[]): Evaluate {
  if (name === undefined) return ({ state }) => state.root;
  return follow(
    ({ state: { root, globals } }) => (Object.hasOwn(root, name) ? property(root, name) : globals.get(name)),
    rest,
  );
}

function follow(start: Evaluate, rest: readonly string[]): Evaluate {
  const [one, two] = rest;
  if (one === undefined) return start;
  if (two === undefined) return (scope) => property(start(scope), one);
  return (scope) => {
    let value = start(scope);
    for (const name of rest) value = property(value, name);
    return value;
  };
}

function ancestor(scope: Scope, depth: number): Scope | null {
  let found: Scope | null = scope;
  for (let hops = depth; hops > 0 && found; hops -= 1) found = found.parent;
  return found;
}
