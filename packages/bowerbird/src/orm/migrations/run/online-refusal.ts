/** What MySQL and MariaDB answer when they cannot do a change by the algorithm, or under the lock, that a statement names. */
const REFUSALS: readonly number[] = [1845, 1846];

/** Whether a server refused to change a table while others use it. */
export function isOnlineRefusal(error: unknown): boolean {
  const { driverError } = (error ?? {}) as { readonly driverError?: { readonly errno?: number } };
  return REFUSALS.includes(driverError?.errno ?? 0);
}

/** What to do then. */
export function refusalHint(statement: string): string {
  return (
    'The server did nothing. Leave `algorithm` out of ops.online(…) and run it while little is written, or go there in ' +
    `several steps, as for a big table. The statement was: ${statement}`
  );
}
