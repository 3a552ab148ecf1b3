import { type Globals } from './globals.js';

/** Renders a part of a template. */
export type Render = (scope: Scope) => string;

/** What one derived template says for a named block, with the scope in which it said so. */
export interface SlotContent {
  readonly mode: SlotMode;
  readonly render: Render;
  readonly scope: Scope;
}

/** How a content meets what its block had before. */
export type SlotMode = 'replace' | 'append' | 'prepend';

/** Contents of named blocks, the most derived template's first. */
export type Slots = ReadonlyMap<string, readonly SlotContent[]>;

/** What one render has in common at every depth. */
export interface RenderState {
  readonly root: object;
  readonly globals: Globals;
}

/** One context of a template: where variables are looked up. */
export class Scope {
  /** Position in the innermost loop (`@index`), its key (`@key`), and whether it is the last. */
  index: number | undefined = undefined;
  key: string | undefined = undefined;
  last = false;

  constructor(
    readonly context: unknown,
    readonly state: RenderState,
    readonly parent: Scope | null = null,
    readonly slots: Slots | null = null,
    /** Renders the body that was given to this partial. */
    readonly yielded: (() => string) | null = null,
    /** Values of the block parameters that this scope declares. */
    readonly locals: readonly unknown[] | null = null,
  ) {}

  /** A context inside of this one. */
  inner(context: unknown, locals: readonly unknown[] | null): Scope {
    const scope = new Scope(context, this.state, this, this.slots, this.yielded, locals);
    scope.index = this.index;
    scope.key = this.key;
    scope.last = this.last;
    return scope;
  }
}
