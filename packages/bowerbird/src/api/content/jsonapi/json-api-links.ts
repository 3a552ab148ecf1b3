import { type PageLinks, type RequestAddress } from '../../pagination/page-address.js';
import { type FormatScope } from '../api-format.js';
import { ownName } from './json-api-parameters.js';

/** The address with our names for pages, which the pagination changes. */
export function inwardAddress(address: RequestAddress, scope: FormatScope): RequestAddress {
  const { protocol, host, originalUrl } = address;
  const rename = (name: string): string => (name.startsWith('page[') ? (ownName(name, scope) ?? name) : name);
  return { protocol, host, originalUrl: renamed(originalUrl, rename) };
}

/** The links of a page with the names that JSON:API has for pages. */
export function outwardLinks(links: PageLinks, { description }: FormatScope): PageLinks {
  const own = new Set(description.pagination.parameters.map(({ name }) => name));
  const rename = (name: string): string => (own.has(name) ? `page[${name === 'page' ? 'number' : name}]` : name);
  return Object.fromEntries(Object.entries(links).map(([relation, url]) => [relation, renamed(url, rename)]));
}

function renamed(url: string, rename: (name: string) => string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return url;
  const parameters = [...new URLSearchParams(query)].map(([name, value]): [string, string] => [rename(name), value]);
  return `${path}?${new URLSearchParams(parameters).toString()}`;
}
