/**
 * Whether the client is a browser that wants a page: it names `text/html` itself and likes it at least as much as
 * JSON. Wildcards do not count, so that command line clients and `fetch` get problem documents.
 */
export function wantsHtml(header: string | undefined): boolean {
  const accept = header?.toLowerCase() ?? '';
  if (!accept.includes('html')) return false;
  const html = Math.max(quality(accept, 'text/html'), quality(accept, 'application/xhtml+xml'));
  return html > 0 && html >= Math.max(quality(accept, 'application/json'), quality(accept, 'application/problem+json'));
}

/** The weight that an `Accept` header gives to exactly this type; 0 where it does not name it. */
function quality(accept: string, type: string): number {
  const range = accept.split(',').find((item) => item.split(';', 1)[0]!.trim() === type);
  if (range === undefined) return 0;
  const weight = /;\s*q=([\d.]+)/.exec(range)?.[1];
  return weight === undefined ? 1 : Number(weight) || 0;
}
