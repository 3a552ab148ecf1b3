import { describe, expect, it } from 'vitest';

import { ApiFormat } from './api-format.js';
import { bestFormat } from './negotiation.js';

class NamedFormat extends ApiFormat {
  constructor(
    readonly name: string,
    readonly mediaType: string,
  ) {
    super();
  }

  document = () => '';
  documents = () => '';
  page = () => '';

  override suits(parameters: ReadonlyMap<string, string>): boolean {
    return !parameters.has('strange');
  }
}

const OFFERED = [new NamedFormat('json', 'application/json'), new NamedFormat('csv', 'text/csv')];

describe('the best format', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['text/*', 'csv'],
    ['TEXT/CSV', 'csv'],
    ['application/json;q=0.5, text/csv', 'csv'],
    ['text/csv, application/json', 'json'],
    ['application/json;q=0, */*;q=0.1', 'csv'],
    ['application/*;q=0.3, text/csv;q=0.2, */*', 'json'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['text/csv; strange=1, */*;q=0.1', 'json'],
    ['image/png', undefined],
    ['*/*;q=0', undefined],
    ['nonsense', undefined],
  ])('for %o is %s', (header, name) => {
    expect(bestFormat(header, OFFERED)?.name).toBe(name);
  });
});
