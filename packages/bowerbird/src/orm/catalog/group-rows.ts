/** Rows by the value of one of their columns, in their order. */
export function groupBy<R>(rows: readonly R[], key: (row: R) => string): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** The rows that say what belongs to a table. */
export type ByTable<R> = (table: string) => readonly R[];

/** Finds the rows of a table among rows that have a `table`. */
export function byTable<R extends { readonly table: string }>(rows: readonly R[]): ByTable<R> {
  const groups = groupBy(rows, ({ table }) => table);
  return (table) => groups.get(table) ?? [];
}

/** Orders things by their name, the same on every machine. */
export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
