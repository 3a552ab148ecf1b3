import Handlebars from 'handlebars';

import { type Expression, type NamedArguments, type PathExpression, type TemplateNode } from '../compile/nodes.js';
import { type TemplateSource } from '../library/template-source.js';
import { TemplateParser } from '../template-parser.js';
import { TemplateSyntaxError, type Position } from '../templates.errors.js';

type Ast = hbs.AST.Node;

/** Handlebars' syntax, read by Handlebars itself; what is made of it is the compiler's affair. */
export class HandlebarsParser extends TemplateParser {
  private readonly handlebars = Handlebars.create();

  parse(source: TemplateSource): readonly TemplateNode[] {
    return new Reader(source).program(this.read(source));
  }

  private read(source: TemplateSource): hbs.AST.Program {
    try {
      return this.handlebars.parse(source.text);
    } catch (error) {
      throw syntaxError(source, error as ParserError);
    }
  }
}

/** What Handlebars' parser throws: a line in the message, or a place in properties. */
interface ParserError extends Error {
  readonly lineNumber?: number;
  readonly column?: number;
}

function syntaxError(source: TemplateSource, error: ParserError): TemplateSyntaxError {
  const written = /error on line (\d+)/.exec(error.message)?.[1];
  const line = error.lineNumber ?? Number(written ?? 1);
  const unclosed = /got 'EOF'/.test(error.message);
  const message = unclosed ? 'A block is not closed' : error.message.split('\n')[0]!.replace(/ - \d+:\d+$|:$/g, '');
  const detail = unclosed ? {} : { hint: error.message.split('\n').at(-1)! };
  return new TemplateSyntaxError(message, source, { line, column: (error.column ?? 0) + 1 }, detail);
}

/** Rewrites Handlebars' tree into the compiler's, refusing what the framework leaves out. */
class Reader {
  constructor(private readonly source: TemplateSource) {}

  program(program: hbs.AST.Program | undefined): readonly TemplateNode[] {
    return (program?.body ?? []).flatMap((statement) => this.statement(statement));
  }

  private statement(node: hbs.AST.Statement): readonly TemplateNode[] {
    switch (node.type) {
      case 'ContentStatement':
        return [{ kind: 'text', text: (node as hbs.AST.ContentStatement).value }];
      case 'CommentStatement':
        return [];
      case 'MustacheStatement':
        return [this.output(node as hbs.AST.MustacheStatement)];
      case 'BlockStatement':
        return [this.block(node as hbs.AST.BlockStatement)];
      case 'PartialStatement':
      case 'PartialBlockStatement':
        return [this.partial(node as hbs.AST.PartialBlockStatement)];
      default:
        throw this.error(
          'Decorators and inline partials are not supported',
          node,
          'Move the partial into its own file',
        );
    }
  }

  private output(node: hbs.AST.MustacheStatement): TemplateNode {
    if (!node.escaped)
      throw this.error(
        'Output without escaping is not supported',
        node,
        'Write {{value}}, and make the value with html`…` or safeHtml() where it is markup',
      );
    return { kind: 'output', at: position(node), value: this.call(node) };
  }

  /** `{{name}}` is a variable; with arguments it is the call of a helper. */
  private call(node: hbs.AST.MustacheStatement | hbs.AST.SubExpression): Expression {
    const hash = this.hash(node.hash);
    if (node.params.length === 0 && hash.length === 0) return this.expression(node.path);
    return { kind: 'call', at: position(node), name: this.helperName(node.path), args: this.list(node.params), hash };
  }

  private block(node: hbs.AST.BlockStatement): TemplateNode {
    return {
      kind: 'block',
      at: position(node),
      name: this.helperName(node.path),
      args: this.list(node.params),
      hash: this.hash(node.hash),
      params: node.program?.blockParams ?? [],
      body: this.program(node.program),
      inverse: node.inverse ? this.program(node.inverse) : null,
    };
  }

  private partial(node: hbs.AST.PartialBlockStatement): TemplateNode {
    if (node.params.length > 1) throw this.error('A partial takes one context', node);
    return {
      kind: 'partial',
      at: position(node),
      name: this.partialName(node.name),
      context: node.params[0] ? this.expression(node.params[0]) : null,
      hash: this.hash(node.hash),
      body: node.type === 'PartialBlockStatement' ? this.program(node.program) : null,
    };
  }

  /** A written name, `@partial-block`, or an expression in parentheses. */
  private partialName(name: hbs.AST.PathExpression | hbs.AST.SubExpression): Expression {
    if (name.type === 'SubExpression') return this.call(name);
    const { original } = name;
    return original === '@partial-block' ? this.expression(name) : { kind: 'literal', value: String(original) };
  }

  private helperName(path: Ast): string {
    const { type, original, parts } = path as hbs.AST.PathExpression;
    if (type === 'PathExpression' && parts.length === 1) return parts[0]!;
    throw this.error(`"${String(original)}" is no name of a helper`, path);
  }

  private list(nodes: readonly Ast[]): readonly Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  private hash(hash: hbs.AST.Hash | undefined): NamedArguments {
    return (hash?.pairs ?? []).map(({ key, value }) => [key, this.expression(value)] as const);
  }

  private expression(node: Ast): Expression {
    switch (node.type) {
      case 'PathExpression':
        return pathOf(node as hbs.AST.PathExpression);
      case 'SubExpression':
        return this.subExpression(node as hbs.AST.SubExpression);
      case 'UndefinedLiteral':
        return { kind: 'literal', value: undefined };
      case 'NullLiteral':
        return { kind: 'literal', value: null };
      default:
        return { kind: 'literal', value: (node as hbs.AST.StringLiteral).value };
    }
  }

  private subExpression(node: hbs.AST.SubExpression): Expression {
    const { path } = node;
    if (node.params.length > 0 || node.hash?.pairs.length) return this.call(node);
    return { kind: 'call', at: position(node), name: this.helperName(path), args: [], hash: [] };
  }

  private error(message: string, node: Ast, hint?: string): TemplateSyntaxError {
    return new TemplateSyntaxError(message, this.source, position(node), hint === undefined ? {} : { hint });
  }
}

function pathOf(node: hbs.AST.PathExpression): PathExpression {
  const { original, data, depth, parts } = node;
  const scoped = depth > 0 || /^(this\b|\.)/.test(original);
  return { kind: 'path', at: position(node), text: original, data, depth, scoped, parts };
}

/** Handlebars counts columns from 0, editors from 1. */
function position({ loc }: Ast): Position {
  return { line: loc.start.line, column: loc.start.column + 1 };
}
