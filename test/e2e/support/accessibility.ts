import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { type Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Fails when axe finds something serious or critical on the page. */
export async function expectAccessible(page: Page): Promise<void> {
  // Before its style sheets are there, text has the colors of none.
  await page.waitForLoadState();
  // Through the debugger, which the page's content security policy does not concern.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: object): Promise<AxeResult> } }).axe.run({
      resultTypes: ['violations'],
    }),
  );
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    grave.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html)
          .join(' | ')}`,
    ),
    page.url(),
  ).toEqual([]);
}
