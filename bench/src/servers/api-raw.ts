import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { Pool } from 'pg';

import { reportReady } from './report.js';

/** What somebody writes by hand who wants nothing but speed: node:http and pg, for the same JSON. */
const pool = new Pool({ connectionString: process.env.BENCH_DATABASE!, max: 10 });

const COLUMNS = `s.id, s.title, s.summary, s.words, s.price, s.featured, s."publishedAt", w.id AS "writerId", w.name, w.email`;
const FROM = `FROM bench_story s JOIN bench_writer w ON w.id = s."writerId"`;
const LIST = `SELECT ${COLUMNS} ${FROM} ORDER BY s."publishedAt" DESC, s.id DESC LIMIT 20 OFFSET $1`;
const COUNT = 'SELECT count(*)::int AS count FROM (SELECT 1 FROM bench_story LIMIT 1001) AS first';
const DETAIL = `SELECT ${COLUMNS} ${FROM} WHERE s.id = $1`;

type Row = Readonly<Record<string, unknown>>;

function document({ writerId, name, email, ...story }: Row): object {
  return { ...story, writer: { id: writerId, name, email } };
}

async function list(url: URL): Promise<object> {
  const page = Number(url.searchParams.get('page') ?? 1);
  const [{ rows }, { rows: counts }] = await Promise.all([
    pool.query<Row>({ name: 'list', text: LIST, values: [(page - 1) * 20] }),
    pool.query<{ count: number }>({ name: 'count', text: COUNT }),
  ]);
  return { count: counts[0]!.count, results: rows.map(document) };
}

async function show(id: number): Promise<object> {
  const { rows } = await pool.query<Row>({ name: 'detail', text: DETAIL, values: [id] });
  return document(rows[0]!);
}

function send(response: ServerResponse, value: object): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(value));
}

const server = createServer((request, response) => {
  const url = new URL(request.url!, 'http://here');
  const key = /^\/stories\/(\d+)$/.exec(url.pathname)?.[1];
  const answer = key === undefined ? list(url) : show(Number(key));
  answer.then(
    (value) => send(response, value),
    () => response.writeHead(500).end(),
  );
});
server.listen(0, '127.0.0.1', () => reportReady(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
