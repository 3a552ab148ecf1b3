/** The places at which two JSON values differ, as JSON Pointers (RFC 6901). */
export function* differences(left: unknown, right: unknown, at = ''): Iterable<string> {
  if (isHolder(left) && isHolder(right) && Array.isArray(left) === Array.isArray(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)]))
      yield* differences(left[name], right[name], `${at}/${escaped(name)}`);
  } else if (left !== right) yield at === '' ? '/' : at;
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
