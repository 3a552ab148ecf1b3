import { FrameworkError } from '#core';

import { Expression, OrderBy, PathExpression, type CompiledExpression } from '../../query/expressions/expression.js';
import { whereOf } from '../../query/q.js';
import { QueryUsageError } from '../../query/query.errors.js';
import { Sql } from '../../query/sql/sql.js';
import { sqlNames } from '../condition-text.js';
import { type Dialect, type ExpressionType, type IndexExpression, type SqlText } from '../entity-description.js';
import { type ConstraintColumns } from './constraint-columns.js';
import { ConstraintContext } from './constraint-context.js';
import { compileRule } from './constraint-rule.js';
import { type ConstraintCondition, type ConstraintValue, type IndexValue } from './constraint.decorators.js';
import { inlineSql } from './inline-sql.js';

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres', 'mysql'];

/** Characters of a text that an expression makes, where nothing tells. */
const UNKNOWN_LENGTH = 255;

/** Writes the conditions and values of the constraints of one entity, for every database that can read them. */
export class ConstraintTexts {
  private readonly contexts: ReadonlyMap<Dialect, ConstraintContext>;

  constructor(readonly columns: ConstraintColumns) {
    this.contexts = new Map(DIALECTS.map((dialect) => [dialect, new ConstraintContext(dialect, columns)]));
  }

  /** A condition. @throws FieldError, QueryUsageError */
  condition(condition: ConstraintCondition<object>): SqlText {
    if (typeof condition === 'string') return condition;
    const where = whereOf(condition);
    return this.each((context) => inlineSql(compileRule(where, context).sql, context.dialect.name));
  }

  /** A value of an index, which may begin with the greatest. @throws FieldError, QueryUsageError */
  indexed(value: IndexValue): IndexExpression {
    if (value instanceof OrderBy) {
      if (value.nulls)
        throw new QueryUsageError('An index has NULL where the order of the database has it', {
          hint: 'Leave nulls out',
        });
      const found = this.expression(value.expression);
      return value.descending ? { ...found, descending: true } : found;
    }
    if (typeof value !== 'string' || !value.startsWith('-')) return this.expression(value);
    return { ...this.expression(value.slice(1)), descending: true };
  }

  /** A value with its type. @throws FieldError, QueryUsageError */
  expression(value: ConstraintValue): IndexExpression {
    if (value instanceof Sql)
      return { sql: this.each(({ dialect }) => inlineSql(value, dialect.name)), type: { kind: 'string' } };
    const expression = typeof value === 'string' ? new PathExpression(value) : value;
    let made: CompiledExpression | undefined;
    const text = this.each((context) => {
      made = context.compile(expression);
      return inlineSql(made.sql, context.dialect.name);
    });
    return { sql: text, type: this.typeOf(expression, made!) };
  }

  /** The paths whose columns a text names. */
  pathsIn(text: SqlText, pathOfColumn: ReadonlyMap<string, string>): readonly string[] {
    const texts = typeof text === 'string' ? [text] : Object.values(text);
    return [...new Set(texts.flatMap((each) => sqlNames(each)).flatMap((name) => pathOfColumn.get(name) ?? []))];
  }

  /** One text where all databases read the same. What a database has no words for is left out there. */
  private each(write: (context: ConstraintContext) => string): SqlText {
    const texts: Partial<Record<Dialect, string>> = {};
    let problem: FrameworkError | undefined;
    for (const [dialect, context] of this.contexts) {
      try {
        texts[dialect] = write(context);
      } catch (thrown) {
        if (!(thrown instanceof FrameworkError)) throw thrown;
        problem = thrown;
      }
    }
    const [first, ...more] = new Set(Object.values(texts));
    if (first === undefined) throw problem!;
    return problem || more.length > 0 ? texts : first;
  }

  private typeOf(expression: Expression, { kind, scale }: CompiledExpression): ExpressionType {
    if (kind === 'decimal') return { kind, precision: 65, scale: scale ?? 30 };
    const isText = kind === 'string' || kind === 'text' || kind === 'enum';
    return isText ? { kind: 'string', length: this.lengthOf(expression) } : { kind };
  }

  /** At most the characters of all texts together. */
  private lengthOf(expression: Expression): number {
    const own = expression.paths.map((path) => this.columns.one(this.columns.split(path)[0]).length ?? UNKNOWN_LENGTH);
    const parts = expression.parts.map((part) => this.lengthOf(part));
    const value = (expression as { readonly value?: unknown }).value;
    return [...own, ...parts].reduce((sum, length) => sum + length, typeof value === 'string' ? value.length : 0);
  }
}
