import { callerPlace, contextValue, QUERY_WATCHER, runWith, type SentStatement } from '#core';
import { redactStatement, type Databases, type Dialect } from '#orm';

import { QueryBudgets, type QueryBudget } from './query-budgets.js';

/** How often one statement may be sent before it counts as one for each row. */
export const REPEATED_QUERIES = 5;

const SELECTION = /^\s*select\b/i;
/** What is asked of the database about its tables, when they are made. */
const CATALOG = /\b(sqlite_master|pragma_\w+|information_schema|pg_catalog)\b/i;

/** What {@link QueryGuard} watches for. */
export interface QueryGuardOptions {
  /** How often a request or a `run()` may send the same selection, values apart; 5. False allows any number. */
  readonly repeatedQueries?: number | false;
  /** Most statements of a request by its method and path, in which `:name` stands for any part: `'GET /posts/:id/': 6`. */
  readonly queryBudgets?: Readonly<Record<string, number>>;
}

type Watcher = (statement: SentStatement) => void;
type Finding = () => Error;

/**
 * Looks over the shoulder of requests and finds those that ask for each row by itself (N + 1 queries), and those that
 * send more statements than their budget. What it finds is thrown in the test, where the response arrives.
 */
export class QueryGuard {
  private readonly limit: number;
  private readonly budgets: QueryBudgets;
  private readonly shapes = new Map<string, string>();
  /** Made into errors when somebody looks: a request may still go on. */
  private readonly findings: Finding[] = [];
  private allowed = false;

  constructor(
    { repeatedQueries = REPEATED_QUERIES, queryBudgets = {} }: QueryGuardOptions,
    private readonly databases: Databases,
  ) {
    this.limit = repeatedQueries === false ? Infinity : repeatedQueries;
    this.budgets = new QueryBudgets(queryBudgets);
  }

  /** Watches the statements of one request. */
  ofRequest(method: string, path: string): Watcher {
    const name = `${method} ${path}`;
    const repeated = this.repetitions(name);
    const budget = this.budgets.of(method, path);
    if (!budget) return repeated;
    const sent: string[] = [];
    return (statement) => {
      repeated(statement);
      sent.push(statement.sql);
      if (sent.length === budget.most + 1) this.findings.push(() => new RouteBudgetError(name, budget, sent));
    };
  }

  /** Runs work of the test itself under the same eyes, unless it is a part of such work. @throws RepeatedQueryError */
  block<T>(work: () => T): T {
    if (contextValue(QUERY_WATCHER)) return work();
    const own: Finding[] = [];
    const result = runWith(QUERY_WATCHER, this.repetitions('The work of run()', own), work);
    if (!(result instanceof Promise)) return result;
    return result.then((value: unknown) => {
      if (own[0]) throw own[0]();
      return value;
    }) as T;
  }

  /** Stops looking for repeated statements until the next test, or while some work runs. */
  async allow<T>(work?: () => Promise<T>): Promise<T | undefined> {
    const before = this.allowed;
    this.allowed = true;
    if (!work) return undefined;
    try {
      return await work();
    } finally {
      this.allowed = before;
    }
  }

  /** Ends a test: forgets what it allowed, and throws what nobody has heard of yet. @throws RepeatedQueryError, RouteBudgetError */
  end(): void {
    this.allowed = false;
    this.check();
  }

  /** Throws the first thing that was found since the last time. @throws RepeatedQueryError, RouteBudgetError */
  check(): void {
    const [first] = this.findings.splice(0);
    if (first) throw first();
  }

  private repetitions(name: string, findings = this.findings): Watcher {
    const counts = new Map<string, number>();
    return ({ sql, alias, stack }) => {
      if (this.allowed || !SELECTION.test(sql) || CATALOG.test(sql)) return;
      const shape = this.shapeOf(sql, alias);
      const count = (counts.get(shape) ?? 0) + 1;
      counts.set(shape, count);
      if (count === this.limit + 1)
        findings.push(() => new RepeatedQueryError(name, counts.get(shape)!, shape, callerPlace(stack)));
    };
  }

  private shapeOf(sql: string, alias: string): string {
    const known = this.shapes.get(sql);
    if (known !== undefined) return known;
    const shape = redactStatement(sql, this.dialectOf(alias));
    this.shapes.set(sql, shape);
    return shape;
  }

  private dialectOf(alias: string): Dialect {
    return this.databases.get(alias).dialect;
  }
}

/** One request sent the same selection again and again, most likely once for each row of another one. */
export class RepeatedQueryError extends Error {
  constructor(name: string, count: number, statement: string, place: string | undefined) {
    super(
      [
        `${name} sent the same statement ${count} times:`,
        `  ${statement}`,
        ...(place ? [`  at ${place}`] : []),
        'Load what it needs by one statement: selectRelated(), prefetchRelated(), inBulk() or a lookup with __in.',
        'Where the repetition is meant: app.allowRepeatedQueries()',
      ].join('\n'),
    );
    this.name = 'RepeatedQueryError';
  }
}

/** A request sent more statements than the budget of its route. */
export class RouteBudgetError extends Error {
  constructor(name: string, { route, most }: QueryBudget, sent: readonly string[]) {
    const list = sent.map((sql, index) => `${index + 1}. ${sql}`);
    super([`${name} is over the budget of ${most} statements for "${route}":`, ...list].join('\n'));
    this.name = 'RouteBudgetError';
  }
}
