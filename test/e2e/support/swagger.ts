import { type Page } from 'playwright-core';

/** What is entered into an operation before it is tried. */
export interface Call {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Tries an operation of Swagger UI out, and tells what the page shows of the answer. */
export async function call(
  page: Page,
  operation: string,
  { parameters = {}, body }: Call,
): Promise<{ readonly status: string; readonly body: unknown }> {
  const block = page.locator(`[id$="-${operation}"]`);
  await block.locator('.opblock-summary-control').click();
  for (const [name, value] of Object.entries(parameters))
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  if (body) await block.locator('textarea').fill(JSON.stringify(body));
  await block.getByRole('button', { name: 'Execute' }).click();
  const answer = block.locator('.live-responses-table');
  const status = (await answer.locator('tbody .response-col_status').first().textContent()) ?? '';
  const text = status.startsWith('204') ? 'null' : await answer.locator('.microlight').first().textContent();
  await block.locator('.opblock-summary-control').click();
  return { status: status.trim(), body: JSON.parse(text ?? 'null') as unknown };
}
