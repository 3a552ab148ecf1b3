import { type CompiledExpression, type Expression } from '../expressions/expression.js';

/** An expression that a query names. */
export interface Annotated {
  readonly name: string;
  readonly expression: Expression;
  /** Whether rows carry its value; otherwise it only serves conditions and orderings. */
  readonly selected: boolean;
  /** Whether its aggregates range over the rows of a group, and not over those related to each row. */
  readonly grouped: boolean;
}

/** The annotations of a statement. Each may use those before it, and hides fields and earlier ones of its name. */
export class Annotations {
  static readonly none = new Annotations([]);

  constructor(
    readonly all: readonly Annotated[],
    /** Values that a derived table has worked out already, by name. */
    private readonly derived: ReadonlyMap<string, CompiledExpression> = new Map(),
  ) {}

  /** The annotation of a name, or undefined. */
  find(name: string): Annotated | undefined {
    return this.all.findLast((annotation) => annotation.name === name);
  }

  /** The value of an annotation that was worked out already. */
  value(name: string): CompiledExpression | undefined {
    return this.derived.get(name);
  }

  /** What an annotation itself may use. */
  before(annotation: Annotated): Annotations {
    return new Annotations(this.all.slice(0, this.all.indexOf(annotation)), this.derived);
  }
}
