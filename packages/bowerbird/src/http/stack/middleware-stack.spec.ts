import { describe, expect, it } from 'vitest';

import { type HttpHandler, type HttpRequest, type HttpResponse } from '../http-request.js';
import { compose } from './middleware-stack.js';

const run = (...handlers: HttpHandler[]) =>
  new Promise((resolve) => void compose(handlers)({} as HttpRequest, {} as HttpResponse, resolve));

describe('compose', () => {
  it('runs handlers in order and then leaves', async () => {
    const seen: number[] = [];
    const step =
      (mark: number): HttpHandler =>
      (_request, _response, next) => {
        seen.push(mark);
        next();
      };
    expect(await run(step(1), step(2), step(3))).toBeUndefined();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('leaves at once when there is nothing to run', async () => {
    expect(await run()).toBeUndefined();
  });

  it('stops at the first error, given, thrown or rejected', async () => {
    const never: HttpHandler = () => expect.fail('ran after an error');
    expect(await run((_request, _response, next) => next('given'), never)).toBe('given');
    expect(
      await run(() => {
        throw new Error('thrown');
      }, never),
    ).toMatchObject({ message: 'thrown' });
    expect(await run(async () => Promise.reject(new Error('rejected')), never)).toMatchObject({ message: 'rejected' });
  });
});
