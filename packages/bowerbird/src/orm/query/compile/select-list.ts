import { type ColumnModel } from '../model/entity-model.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';

/** The columns that a statement selects, each under an alias of its own: `c0`, `c1`, … */
export class SelectList {
  private readonly pieces: Sql[] = [];

  /** Statements in each other need aliases that differ: databases would take one for the other in a GROUP BY. */
  constructor(private readonly prefix = 'c') {}

  /** Adds an expression and returns its alias. */
  add(expression: Sql): string {
    const alias = `${this.prefix}${this.pieces.length}`;
    this.pieces.push(sql`${expression} AS ${raw(alias)}`);
    return alias;
  }

  /** Adds a column so that the driver's value is exact. */
  column(expression: Sql, { dialect, kind }: ColumnModel): string {
    return this.add(dialect.selected(expression, kind));
  }

  /** Adds every column of another list, which keeps its aliases when this one is empty. */
  addAll({ pieces }: SelectList): void {
    this.pieces.push(...pieces);
  }

  /** The aliases of all columns so far. */
  aliases(): string[] {
    return this.pieces.map((_, index) => `${this.prefix}${index}`);
  }

  /** The alias of an expression, which is added only where it is not there yet. */
  share(expression: Sql): string {
    const start = `${expression.texts[0]!} AS `;
    const there = this.pieces.find(({ texts }) => texts.length === 1 && texts[0]!.startsWith(start));
    return there && expression.values.length === 0 ? there.texts[0]!.slice(start.length) : this.add(expression);
  }

  sql(): Sql {
    return this.pieces.length === 0 ? raw('1') : join(this.pieces, ', ');
  }
}
