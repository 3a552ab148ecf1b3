import { NestFactory } from '@nestjs/core';
import { FrameworkModule } from 'bowerbird';
import { Permission, Users } from 'bowerbird/auth';
import { Database, Migrator } from 'bowerbird/orm';
import { TestClient } from 'bowerbird/testing';
import { Client } from 'pg';

import { SECRET } from '../prepare.js';
import { StoriesModule } from './stories.viewset.js';

const READER = { email: 'reader@example.com', password: 'correct-horse-battery-staple' } as const;

/** A PostgreSQL database with stories, and an account that may read and make them. */
export interface StoriesDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** Makes a database with some stories of 200 writers, 37 seconds apart since 2020. */
export async function storiesDatabase(server: string, stories: number): Promise<StoriesDatabase> {
  const name = `bowerbird_bench_api_${stories}_${process.pid}`;
  await statements(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await makeTables(url.href);
  await statements(url.href, WRITERS, storiesSql(stories), 'vacuum analyze bench_story', 'vacuum analyze bench_writer');
  return { url: url.href, remove: () => statements(server, `drop database ${name} with (force)`) };
}

/** What a request of the reader carries. */
export async function readerHeaders(origin: string): Promise<Record<string, string>> {
  const client = new TestClient(origin);
  const { status } = await client.submit('/accounts/login/', { ...READER });
  if (status !== 303) throw new Error(`Logging in answered ${status}`);
  const { token, header } = (await client.get('/accounts/csrf/')).json<{ token: string; header: string }>();
  return { cookie: client.cookies.header()!, origin, [header]: token };
}

async function makeTables(url: string): Promise<void> {
  const framework = FrameworkModule.forRoot({
    production: false,
    secretKey: SECRET,
    database: url,
    apps: [StoriesModule],
    admin: false,
    audit: false,
  });
  const app = await NestFactory.create(framework, { logger: false });
  await app.init();
  await app.get(Migrator, { strict: false }).syncSchema();
  const user = await app.get(Users, { strict: false }).createUser({ ...READER });
  const database = app.get(Database, { strict: false });
  const permissions = await database.objects(Permission).filter({ codename__startswith: 'bench.' }).all();
  await database.related(user, 'permissions').add(...permissions);
  await app.close();
}

/** When the story of this number was published, in ISO 8601. */
export function publishedAt(number: number): string {
  return new Date(Date.UTC(2020, 0, 1) + number * 37_000).toISOString();
}

const WRITERS = `insert into bench_writer (name, email)
  select 'Writer ' || i, 'writer' || i || '@example.com' from generate_series(1, 200) i`;

function storiesSql(stories: number): string {
  return `insert into bench_story (title, summary, words, price, featured, "publishedAt", "writerId")
    select 'Story ' || i, 'What happens in story ' || i || ', told in a few words for the list', i % 5000, (i % 10000) / 100.0, i % 7 = 0,
      timestamptz '${publishedAt(0)}' + i * interval '37 seconds', 1 + i % 200 from generate_series(1, ${stories}) i`;
}

async function statements(url: string, ...texts: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const text of texts) await client.query(text);
  await client.end();
}
