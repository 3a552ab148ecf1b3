import { QUERY_LOG, runWith, type Finding, type QueryRecord } from 'bowerbird/core';
import { Descriptions, type QuerySet } from 'bowerbird/orm';

import {
  describeFilters,
  type FilterDeclarations,
  type FilterOptions,
} from '../../../packages/bowerbird/src/api/filters/describe-filters.js';
import { type FilterSet } from '../../../packages/bowerbird/src/api/filters/filter-set.js';
import { type FilterTools } from '../../../packages/bowerbird/src/api/filters/filter-tools.js';
import { readParameters, type Parameters } from '../../../packages/bowerbird/src/api/filters/parameters.js';
import { type RequestAddress } from '../../../packages/bowerbird/src/api/pagination/page-address.js';
import { type PageResult, type Pagination } from '../../../packages/bowerbird/src/api/pagination/pagination.js';
import { type OrmTestApp } from '../../support/databases.js';
import { City } from '../orm/query.world.js';

/** The parameters of an address, as a request holds them. */
export function parameters(query: string): Parameters {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  return readParameters({
    query: Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : all[0]])),
  });
}

/** What describes the lists of an entity, and what it found wrong. */
export function describing(
  app: OrmTestApp,
  entity: new () => object = City,
): FilterTools & { readonly findings: Finding[] } {
  const descriptions = app.get(Descriptions);
  const findings: Finding[] = [];
  return {
    entity: descriptions.of(entity),
    descriptions,
    report: (finding) => void findings.push(finding),
    at: 'Cities',
    findings,
  };
}

/** Filters of cities that have nothing wrong. */
export function filtersOf(app: OrmTestApp, declared: FilterDeclarations, options?: FilterOptions): FilterSet {
  const tools = describing(app);
  const filters = describeFilters(declared, tools, options);
  if (tools.findings.length > 0) throw new Error(JSON.stringify(tools.findings));
  return filters;
}

/** The messages of the error that some work ends with, or its message where it names no parameters. */
export async function refusalOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    const { code, status, errors, message } = error as {
      code: string;
      status: number;
      errors?: unknown;
      message: string;
    };
    return { code, status, errors: errors ?? message };
  }
  return 'accepted';
}

/** The names of the rows of a query, in their order. */
export async function namesOf(rows: QuerySet): Promise<readonly string[]> {
  return ((await rows.all()) as { name: string }[]).map(({ name }) => name);
}

/** A request for a list, as far as pages look at it. */
export function addressOf(url: string): RequestAddress & { readonly given: Parameters } {
  const { protocol, host, pathname, search } = new URL(url, 'https://example.org');
  return { protocol: protocol.slice(0, -1), host, originalUrl: pathname + search, given: parameters(search) };
}

/** Reads the page of an address. */
export async function pageAt(
  pagination: Pagination,
  rows: QuerySet,
  url: string,
): Promise<PageResult & { readonly names: readonly string[] }> {
  const address = addressOf(url);
  const page = await pagination.fetch(rows, pagination.read(address.given), address);
  return { ...page, names: (page.rows as readonly { name: string }[]).map(({ name }) => name) };
}

/** How many statements some work takes. */
export async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const log: QueryRecord[] = [];
  await runWith(QUERY_LOG, log, work);
  return log.length;
}
