import formats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type OpenApiDocument } from 'bowerbird/api';
import { Users } from 'bowerbird/auth';
import { type JsonSchema } from 'bowerbird/core';
import { type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import * as fc from 'fast-check';
import { type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Article, Author, Note, openMagazine, Remark, Tag } from './magazine.js';
import { fitting, HOSTILE, spoiled } from './schema-values.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: JsonSchema;
}

/** One operation of the description. */
interface Operation {
  readonly id: string;
  readonly path: string;
  readonly method: string;
  readonly parameters: readonly Parameter[];
  readonly body: JsonSchema | undefined;
  readonly responses: Readonly<Record<string, object>>;
}

interface Sent {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Requests to each operation; half of them fit its description. */
const RUNS = 80;

describe('an API under generated requests', () => {
  let app: TestApp;
  let admin: TestClient;
  let document: OpenApiDocument;
  let checks: Checks;

  beforeAll(async () => {
    app = await openMagazine();
    await app.createUser({ email: 'owner@example.com', isStaff: true, isSuperuser: true });
    admin = await app.login({ email: 'owner@example.com' });
    const owner = await app.run(() => app.get(Users).findByEmail('owner@example.com'));
    document = (await admin.get('/api/openapi.json')).json<OpenApiDocument>();
    checks = new Checks(document);
    await seed(app, owner!.id as number);
  });
  afterAll(() => app?.close());

  it('never fails and always answers what it describes', async () => {
    const told: string[] = [];
    for (const operation of operationsOf(document)) {
      const property = fc.asyncProperty(requestsTo(operation, document), async (sent) => {
        // Rows of a list are written one by one.
        const once = async () => checks.check(operation, sent, await send(admin, operation, sent));
        await app.rolledBack(() => app.allowRepeatedQueries(once));
      });
      await fc.assert(property, { numRuns: RUNS, seed: 7, endOnFailure: true }).catch((error: unknown) => {
        told.push(`${operation.id}: ${(error as Error).message}\n${String((error as Error).cause)}`);
      });
    }
    expect(told).toEqual([]);
    expect(checks.successes()).toEqual(operationsOf(document).map(({ id }) => id));
    expect(checks.statuses()).toEqual(expect.arrayContaining([200, 201, 204, 400, 404]));
  }, 240_000);
});

/** Rows that generated keys and references find: their keys are small numbers. */
async function seed(app: TestApp, ownerId: number): Promise<void> {
  const author = await app.create(Author, { name: 'Ada', email: 'ada@example.com' });
  const tags = [await app.create(Tag, { name: 'red' }), await app.create(Tag, { name: 'blue' })];
  for (const title of ['One', 'Two', 'Three']) {
    const article = await app.create(Article, { title, author, tags, ownerId, price: '1.50' });
    await app.create(Remark, { article, text: 'Well' });
  }
  await app.create(Note, { text: 'Mine', owner: ownerId });
}

function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, parameters = [], requestBody, responses }]) => ({
      id: operationId,
      path,
      method,
      parameters: parameters.map((parameter) => followed(document, parameter)) as readonly Parameter[],
      body: requestBody?.content['application/json']?.schema,
      responses,
    })),
  );
}

function requestsTo(operation: Operation, document: OpenApiDocument): Arbitrary<Sent> {
  const resolve = (ref: string): JsonSchema => lookUp(document, ref);
  const body = operation.body ? fitting(operation.body, resolve) : fc.constant(undefined);
  const valid = fc.record({ parameters: parametersOf(operation, document, false), body });
  const invalid = fc.record({
    parameters: parametersOf(operation, document, true),
    body: operation.body ? spoiled(body) : fc.constant(undefined),
  });
  return fc.oneof(valid, invalid);
}

/** Few of the parameters at once, and keys of rows that are there more often than not. */
function parametersOf(
  { parameters }: Operation,
  document: OpenApiDocument,
  hostile: boolean,
): Arbitrary<Record<string, unknown>> {
  const resolve = (ref: string): JsonSchema => lookUp(document, ref);
  const made = parameters
    .filter((parameter) => parameter.in !== 'header')
    .map((parameter) => {
      const fits = parameter.in === 'path' ? keysOf(parameter) : shownOr(parameter, fitting(parameter.schema, resolve));
      const value = hostile ? fc.oneof(fits, HOSTILE) : fits;
      const weights = parameter.in === 'path' ? [1, 0] : [1, parameters.length];
      return fc.tuple(
        fc.constant(parameter.name),
        fc.oneof({ weight: weights[0]!, arbitrary: value }, { weight: weights[1]!, arbitrary: fc.constant(undefined) }),
      );
    });
  return fc.tuple(...made).map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
}

function keysOf({ schema }: Parameter): Arbitrary<unknown> {
  return schema.type === 'integer' ? fc.integer({ min: 1, max: 4 }) : fc.constantFrom('red', 'blue', 'none');
}

/** Names of fields are told in words alone. */
function shownOr({ name }: Parameter, otherwise: Arbitrary<unknown>): Arbitrary<unknown> {
  if (name === 'fields') return fc.subarray(['id', 'title', 'text', 'name', 'author'], { minLength: 1 });
  return name === 'expand' ? fc.subarray(['author', 'tags'], { minLength: 1 }) : otherwise;
}

async function send(client: TestClient, { path, method, parameters }: Operation, sent: Sent): Promise<TestResponse> {
  const query = new URLSearchParams();
  let address = path;
  for (const parameter of parameters) {
    const value = sent.parameters[parameter.name];
    if (value === undefined || parameter.in === 'header') continue;
    const text = Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, segmentOf(text));
    else query.set(parameter.name, text);
  }
  const search = query.size > 0 ? `?${query.toString()}` : '';
  const options = sent.body === undefined ? {} : { json: sent.body };
  return client.request(method.toUpperCase(), address + search, {
    headers: { accept: 'application/json' },
    ...options,
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? wellFormed(value) : (JSON.stringify(value) ?? '');
}

/** Addresses cannot hold halves of surrogate pairs. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/** Something that names a row and no other address. */
function segmentOf(text: string): string {
  const short = wellFormed(text.slice(0, 500));
  return /^\.{0,2}$/.test(short) ? 'none' : encodeURIComponent(short);
}

/** Compares answers with what is described. */
class Checks {
  private readonly seen = new Set<number>();
  private readonly succeeded = new Set<string>();
  private readonly strict: Validators;
  private readonly lax: Validators;

  constructor(private readonly document: OpenApiDocument) {
    this.strict = new Validators(document);
    this.lax = new Validators(withoutRequired(document) as OpenApiDocument);
  }

  statuses(): readonly number[] {
    return [...this.seen];
  }

  /** Operations that have done what they are for at least once. */
  successes(): readonly string[] {
    return [...this.succeeded];
  }

  check({ id, path, method, responses }: Operation, { parameters }: Sent, answer: TestResponse): void {
    const { status } = answer;
    this.seen.add(status);
    if (status < 300) this.succeeded.add(id);
    const name = String(status) in responses ? String(status) : 'default';
    if (status >= 500 || (name === 'default' && status < 400))
      throw new Error(`${id} answered ${status}: ${answer.text.slice(0, 500)}`);
    const response = followed(this.document, responses[name]!) as { readonly content?: Record<string, object> };
    const type = (answer.header('content-type') ?? '').split(';')[0]!;
    if (!response.content) {
      expect([id, status, answer.text]).toEqual([id, status, '']);
      return;
    }
    expect(Object.keys(response.content), `${id} ${status}`).toContain(type);
    const place = `#/paths/${escaped(path)}/${method}/responses/${name}`;
    const base = '$ref' in responses[name]! ? (responses[name]['$ref'] as string) : place;
    // Answers leave out what `fields` does not name.
    const validators = 'fields' in parameters ? this.lax : this.strict;
    validators.require(
      `${base}/content/${escaped(type)}/schema`,
      type.endsWith('json') ? answer.json() : answer.text,
      `${id} ${status}`,
    );
  }
}

/** Compiles the schemas of a document when they are needed. */
class Validators {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  private readonly made = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    formats.default(this.ajv);
    this.ajv.addSchema(document, 'api');
  }

  require(pointer: string, value: unknown, what: string): void {
    const validate = this.made.get(pointer) ?? this.ajv.compile({ $ref: `api${pointer}` });
    this.made.set(pointer, validate);
    if (!validate(value))
      throw new Error(
        `${what}: ${JSON.stringify(validate.errors?.slice(0, 5))} of ${JSON.stringify(value).slice(0, 500)}`,
      );
  }
}

function lookUp<T>(document: OpenApiDocument, pointer: string): T {
  const steps = pointer.replace(/^#\//, '').split('/');
  const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], document) as T;
}

function followed<T extends object>(document: OpenApiDocument, value: T): T {
  return '$ref' in value ? lookUp<T>(document, value.$ref as string) : value;
}

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function withoutRequired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRequired);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, inner]) => name !== 'required' || !Array.isArray(inner));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutRequired(inner)]));
}
