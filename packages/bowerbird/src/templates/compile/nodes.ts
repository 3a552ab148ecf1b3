import { type Position } from '../templates.errors.js';

/** A variable: `name`, `author.name`, `../title`, `@index`, `this`. */
export interface PathExpression {
  readonly kind: 'path';
  readonly at: Position;
  /** As written, for messages. */
  readonly text: string;
  /** Starts with `@`. */
  readonly data: boolean;
  /** How many contexts up (`../`). */
  readonly depth: number;
  /** Starts with `this`, `.` or `..`, so it is never a helper or a block parameter. */
  readonly scoped: boolean;
  readonly parts: readonly string[];
}

export interface LiteralExpression {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null | undefined;
}

/** A helper with its arguments. */
export interface CallExpression {
  readonly kind: 'call';
  readonly at: Position;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly hash: NamedArguments;
}

export type Expression = PathExpression | LiteralExpression | CallExpression;
export type NamedArguments = readonly (readonly [name: string, value: Expression])[];

/** Markup that is printed as it is. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** `{{value}}`: printed and escaped. */
export interface OutputNode {
  readonly kind: 'output';
  readonly at: Position;
  readonly value: Expression;
}

/** `{{#name …}}…{{else}}…{{/name}}`. */
export interface BlockNode {
  readonly kind: 'block';
  readonly at: Position;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly hash: NamedArguments;
  /** Names after `as |…|`. */
  readonly params: readonly string[];
  readonly body: readonly TemplateNode[];
  readonly inverse: readonly TemplateNode[] | null;
}

/** `{{> name context key=value}}`, or `{{#> name}}…{{/name}}` with a body. */
export interface PartialNode {
  readonly kind: 'partial';
  readonly at: Position;
  readonly name: Expression;
  readonly context: Expression | null;
  readonly hash: NamedArguments;
  readonly body: readonly TemplateNode[] | null;
}

export type TemplateNode = TextNode | OutputNode | BlockNode | PartialNode;
