/** The most statements that requests of a route may send. */
export interface QueryBudget {
  /** As it was written: `GET /posts/:id/`. */
  readonly route: string;
  readonly most: number;
}

interface Rule extends QueryBudget {
  readonly pattern: RegExp;
}

const ROUTE = /^([A-Z]+) (\/\S*)$/;

/** Budgets of routes; the first that fits a request counts. */
export class QueryBudgets {
  private readonly rules: readonly Rule[];

  /** @throws TypeError for a route that is not written as `GET /path` */
  constructor(budgets: Readonly<Record<string, number>>) {
    this.rules = Object.entries(budgets).map(([route, most]) => ({ route, most, pattern: patternOf(route) }));
  }

  of(method: string, path: string): QueryBudget | undefined {
    return this.rules.find(({ pattern }) => pattern.test(`${method} ${path}`));
  }
}

function patternOf(route: string): RegExp {
  const [, method, path] = ROUTE.exec(route) ?? [];
  if (!method || !path) throw new TypeError(`"${route}" is no route; write it as "GET /posts/:id/"`);
  const parts = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escape(part)));
  return new RegExp(`^${method} ${parts.join('/')}$`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
