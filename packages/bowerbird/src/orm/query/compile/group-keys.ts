import { type CompiledExpression } from '../expressions/expression.js';
import { tryResolvePath } from '../model/resolve-path.js';
import { QueryUsageError } from '../query.errors.js';
import { type Sql } from '../sql/sql.js';
import { type JoinScope } from './join-scope.js';

/** What every row of a group has in common. Databases differ in what they make of anything else. */
export class GroupKeys {
  private found: ReadonlySet<string> | undefined;

  constructor(
    private readonly scope: JoinScope,
    private readonly paths: readonly string[],
    /** Whether keys that are worked out may be named, which only what selects or groups by them can. */
    private readonly computed = true,
  ) {}

  /** The same for conditions of groups, in which databases know no keys but columns. */
  ofColumns(): GroupKeys {
    return new GroupKeys(this.scope, this.paths, false);
  }

  /** Whether rows are grouped by a path itself. */
  has(path: string): boolean {
    return this.computed && this.paths.includes(path);
  }

  /** @throws QueryUsageError for a value that rows of one group may differ in */
  check(path: string, { sql, constant }: Pick<CompiledExpression, 'sql' | 'constant'>): void {
    if (constant || this.has(path) || this.columns().has(textOf(sql))) return;
    throw new QueryUsageError(`Groups have no single "${path}"`, {
      hint: 'Name it in values(), or give it to an aggregate such as Max(); filter rows by it in a filter() of its own',
    });
  }

  private columns(): ReadonlySet<string> {
    return (this.found ??= new Set(this.paths.flatMap((path) => this.columnsAt(path))));
  }

  private columnsAt(path: string): string[] {
    if (this.scope.compiler?.knows(path)) return [];
    const target = tryResolvePath(this.scope.model, path);
    return target?.columns.map((column) => textOf(this.scope.column(target.hops, column).sql)) ?? [];
  }
}

function textOf({ texts }: Sql): string {
  return texts.join('?');
}
