import { load, median, type BenchServer } from '../measure.js';
import { type Row } from '../suite.js';

const ROUNDS = 3;
const SECONDS = 3;
const SIZE = 20;
const PAGE = 5_000;
/** Rows of the pages by which the bench walks to the far one. */
const STRIDE = 9_998;

/** A far page of a long list against its first page, both found by cursors. */
export async function farPages(server: BenchServer, headers: Record<string, string>): Promise<readonly Row[]> {
  const paths = ['/api/feed', await farPath(server.url, headers)];
  const seen = paths.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, path] of paths.entries()) {
      const result = await load(server, path, {
        seconds: SECONDS,
        connections: 1,
        headers: { accept: 'application/json', ...headers },
      });
      if (result.failures > 0) throw new Error(`Some requests failed: ${path}`);
      seen[index]!.push(1000 / result.requestsPerSecond);
    }
  const [first, far] = seen.map(median);
  return [
    { what: 'page 1 of 5,000,000 rows', value: `${first!.toFixed(2)} ms` },
    { what: 'page 5,000, by its cursor', value: `${far!.toFixed(2)} ms` },
    { what: 'page 5,000: of page 1', value: (far! / first!).toFixed(2), note: 'aim: at most 1.50' },
  ];
}

/** Follows the links of larger pages as far as the page begins: a cursor is a place, whatever the size of the page. */
async function farPath(origin: string, headers: Record<string, string>): Promise<string> {
  let url = new URL(`/api/feed?size=${STRIDE}`, origin);
  for (let row = 0; row < (PAGE - 1) * SIZE; row += STRIDE) {
    const answer = await fetch(url, { headers: { accept: 'application/json', ...headers } });
    const { next } = (await answer.json()) as { readonly next: string };
    url = new URL(new URL(next).search, url);
  }
  url.searchParams.set('size', String(SIZE));
  return url.pathname + url.search;
}
