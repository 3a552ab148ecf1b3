/**
 * What `make` makes of a value: at once where the value is there, later where it is a promise. For code that mostly has
 * nothing to wait for and runs for each of many values.
 */
export function afterwards<T, R>(value: T | PromiseLike<T>, make: (value: T) => R | Promise<R>): R | Promise<R> {
  return isPromiseLike(value) ? Promise.resolve(value).then(make) : make(value);
}

/** Whether something has to be waited for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
