/** The type of the value that a query selects: that of `flat()`, or of the one name of `values()`. */
export type QueryResult<Q> = Q extends { all(): Promise<readonly (infer R)[]> } ? Only<R> : unknown;

type Only<R> = R extends Date | Uint8Array ? R : R extends object ? R[keyof R] : R;
