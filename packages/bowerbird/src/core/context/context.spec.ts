import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { ContextKey } from './context-key.js';
import { NoContextError } from './context.errors.js';
import { contextValue, currentContext, requireContext, runInContext, runWith } from './context.js';

const COLOR = new ContextKey<string>('color');

describe('ambient context', () => {
  it('does not exist outside of a scope', () => {
    expect(currentContext()).toBeUndefined();
    expect(contextValue(COLOR)).toBeUndefined();
    expect(() => requireContext()).toThrow(NoContextError);
  });

  it('travels with the asynchronous flow and does not leak into others', async () => {
    const paint = (color: string) =>
      runWith(COLOR, color, async () => {
        await sleep(1);
        return contextValue(COLOR);
      });
    expect(await Promise.all([paint('red'), paint('blue')])).toEqual(['red', 'blue']);
  });

  it('lets a child hide a value without changing the parent', () => {
    runInContext((outer) => {
      outer.set(COLOR, 'red');
      runWith(COLOR, 'blue', () => expect(contextValue(COLOR)).toBe('blue'));
      expect(contextValue(COLOR)).toBe('red');
    });
  });
});
