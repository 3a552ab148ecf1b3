import { get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { median, type BenchServer } from '../measure.js';
import { type Row } from '../suite.js';
import { publishedAt } from './stories-database.js';

const ROUNDS = 7;
const LINES = 1_000_000;
const PATH = `/api/feed?format=csv&publishedAt__lte=${publishedAt(LINES)}`;
/** Milliseconds between two looks at the memory of the server; it collects its garbage for some of them. */
const LOOK = 1_000;

/** A list of a million rows as CSV: when it begins, and how much memory the server takes meanwhile. */
export async function exporting(server: BenchServer, headers: Record<string, string>): Promise<readonly Row[]> {
  const first = await firstBytes(server, headers);
  const start = { held: await server.heldMiB(), resident: await server.residentMiB(), cpu: await server.cpuMs() };
  const plain = await wholeList(server, headers, () => server.residentMiB());
  const cpu = (await server.cpuMs()) - start.cpu;
  const collected = await wholeList(server, headers, () => server.heldMiB());
  const row = (what: string, value: string, note: string): Row => ({
    what: `CSV, a million rows: ${what}`,
    value,
    note,
  });
  return [
    row('first byte', `${median(first).toFixed(0)} ms`, 'aim: below 200 ms'),
    row(
      'memory held',
      `${Math.max(0, collected.mostMiB - start.held).toFixed(1)} MiB`,
      'aim: at most 30 MiB above start',
    ),
    row(
      'resident memory',
      `${(plain.mostMiB - start.resident).toFixed(0)} MiB`,
      'above start, with what V8 has not collected yet',
    ),
    row('all of it', `${plain.seconds.toFixed(1)} s`, `${((cpu * 1000) / LINES).toFixed(1)} µs of CPU per row`),
  ];
}

/** Milliseconds to the first byte of the body. */
async function firstBytes(server: BenchServer, headers: Record<string, string>): Promise<readonly number[]> {
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    const response = await open(server.url, headers);
    await new Promise((resolve) => response.once('readable', resolve));
    delays.push(performance.now() - started);
    response.destroy();
  }
  return delays;
}

/** One whole list: how long it took, and how much memory there was at most, in MiB. */
interface WholeList {
  readonly seconds: number;
  readonly mostMiB: number;
}

async function wholeList(
  server: BenchServer,
  headers: Record<string, string>,
  memory: () => Promise<number>,
): Promise<WholeList> {
  const started = performance.now();
  const counting = { ended: false };
  const counted = countLines(await open(server.url, headers)).finally(() => (counting.ended = true));
  let most = 0;
  while (!counting.ended) {
    most = Math.max(most, await memory());
    await delay(LOOK);
  }
  if ((await counted) !== LINES + 1) throw new Error(`The export has ${await counted} lines instead of ${LINES + 1}`);
  return { seconds: (performance.now() - started) / 1000, mostMiB: most };
}

function open(origin: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(new URL(PATH, origin), { headers, agent: false }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`The export answered ${response.statusCode}`));
    }).once('error', reject);
  });
}

async function countLines(response: IncomingMessage): Promise<number> {
  let lines = 0;
  for await (const chunk of response as AsyncIterable<Buffer>)
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
}
