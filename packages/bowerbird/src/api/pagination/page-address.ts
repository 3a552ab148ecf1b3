import { type HttpRequest } from '#http';

/** What of a request says where its list is. */
export type RequestAddress = Pick<HttpRequest, 'protocol' | 'host' | 'originalUrl'>;

/** Absolute addresses of other pages by relation type (RFC 8288); those that are not known are left out. */
export type PageLinks = Readonly<Partial<Record<PageRelation, string>>>;

/** How a page stands to the one at hand. */
export type PageRelation = 'first' | 'prev' | 'next' | 'last';

const RELATIONS: readonly PageRelation[] = ['first', 'prev', 'next', 'last'];

/** The address of a request with some parameters changed or, where they are null, taken away. All others are kept. */
export function addressWith(
  request: RequestAddress,
  changes: Readonly<Record<string, string | number | null>>,
): string {
  const { protocol, host, originalUrl } = request;
  const end = originalUrl.indexOf('?');
  // Assigned to a URL that has its host, so that a path such as //elsewhere.org stays a path.
  const url = new URL(`${protocol}://${host}`);
  url.pathname = end < 0 ? originalUrl : originalUrl.slice(0, end);
  url.search = end < 0 ? '' : originalUrl.slice(end);
  for (const [name, value] of Object.entries(changes)) {
    url.searchParams.delete(name);
    if (value !== null) url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** {@link addressWith} for several values of one parameter, of which the rest of the address is read once. */
export function addressesWith(request: RequestAddress, name: string): (value: string | number | null) => string {
  const bare = addressWith(request, { [name]: null });
  const start = `${bare}${bare.includes('?') ? '&' : '?'}`;
  return (value) => (value === null ? bare : `${start}${new URLSearchParams([[name, String(value)]]).toString()}`);
}

/** The links as a `Link` header (RFC 8288); undefined where there are none. */
export function linkHeader(links: PageLinks): string | undefined {
  const shown = RELATIONS.flatMap((relation) => {
    const url = links[relation];
    return url === undefined ? [] : `<${url}>; rel="${relation}"`;
  });
  return shown.length > 0 ? shown.join(', ') : undefined;
}
