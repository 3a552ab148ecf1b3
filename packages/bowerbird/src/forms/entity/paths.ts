/** The value at a property path; undefined where the way ends early. */
export function readPath(row: object, path: string): unknown {
  let value: unknown = row;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Sets the value at a property path, making the objects on the way where there are none. */
export function writePath(row: object, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop()!;
  let holder = row as Record<string, unknown>;
  for (const step of steps) {
    if (typeof holder[step] !== 'object' || holder[step] === null) holder[step] = {};
    holder = holder[step] as Record<string, unknown>;
  }
  holder[last] = value;
}

/** A copy that can be written without changing the row: the row's class, with copies of what is on the way to the paths. */
export function copyFor(row: object, paths: Iterable<string>): object {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(row) as object) as object, row);
  for (const path of paths) {
    const steps = path.split('.').slice(0, -1);
    let holder = copy as Record<string, unknown>;
    for (const step of steps) {
      const inner = holder[step];
      if (typeof inner !== 'object' || inner === null) break;
      holder[step] = Object.assign(Object.create(Object.getPrototypeOf(inner) as object) as object, inner);
      holder = holder[step] as Record<string, unknown>;
    }
  }
  return copy;
}
