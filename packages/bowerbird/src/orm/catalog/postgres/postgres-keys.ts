import {
  type CatalogAction,
  type CatalogCheck,
  type CatalogForeignKey,
  type CatalogKey,
  type CatalogTable,
  type CatalogUnique,
} from '../catalog.js';

/** A row of the query for constraints. */
export interface ConstraintRow {
  readonly table: string;
  readonly name: string;
  /** Primary key, unique, foreign key, check, exclusion. */
  readonly kind: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly columns: readonly string[] | null;
  readonly target: string | null;
  readonly targetSchema: string | null;
  readonly references: readonly string[] | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly expression: string | null;
  readonly definition: string;
}

type Keys = Pick<CatalogTable, 'primaryKey' | 'uniques' | 'foreignKeys' | 'checks'>;

const ACTIONS: Readonly<Record<string, CatalogAction>> = {
  a: 'no-action',
  r: 'protect',
  c: 'cascade',
  n: 'set-null',
  d: 'set-default',
};

/** The constraints of one table; exclusions in words. */
export function postgresKeys(
  rows: readonly ConstraintRow[],
  schema: string,
): Keys & { readonly exclusions: readonly string[] } {
  const of = (kind: ConstraintRow['kind']) => rows.filter((row) => row.kind === kind);
  const [primary] = of('p');
  return {
    primaryKey: primary ? keyOf(primary) : null,
    uniques: of('u').map(uniqueOf),
    foreignKeys: of('f').map((row) => foreignKeyOf(row, schema)),
    checks: of('c').map(checkOf),
    exclusions: of('x').map(({ name, definition }) => `constraint ${name}: ${definition}`),
  };
}

function keyOf({ name, columns }: ConstraintRow): CatalogKey {
  return { name, columns: columns ?? [] };
}

function uniqueOf(row: ConstraintRow): CatalogUnique {
  return { ...keyOf(row), ...(row.deferrable && { deferrable: row.deferred ? 'deferred' : 'immediate' }) };
}

function foreignKeyOf(row: ConstraintRow, schema: string): CatalogForeignKey {
  const { target, targetSchema, references, onDelete, onUpdate, deferrable, deferred } = row;
  return {
    ...keyOf(row),
    ...(targetSchema !== null && targetSchema !== schema && { schema: targetSchema }),
    table: target ?? '',
    references: references ?? [],
    onDelete: ACTIONS[onDelete] ?? 'no-action',
    onUpdate: ACTIONS[onUpdate] ?? 'no-action',
    deferrable: deferrable && (deferred ? 'deferred' : 'immediate'),
  };
}

function checkOf({ name, expression, definition }: ConstraintRow): CatalogCheck {
  return { name, expression: unwrapped(expression ?? definition) };
}

/** PostgreSQL puts parentheses around each expression; one pair around the whole says nothing. */
function unwrapped(expression: string): string {
  if (!expression.startsWith('(') || !expression.endsWith(')')) return expression;
  const inner = expression.slice(1, -1).replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '');
  let depth = 0;
  for (const mark of inner.match(/[()]/g) ?? []) {
    depth += mark === '(' ? 1 : -1;
    if (depth < 0) return expression;
  }
  return expression.slice(1, -1);
}
