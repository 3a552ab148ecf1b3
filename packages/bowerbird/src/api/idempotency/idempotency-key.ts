import { createHash } from 'node:crypto';

import { ACTOR, contextValue } from '#core';
import { clientNetwork, type HttpRequest } from '#http';

import { BadIdempotencyKeyError } from '../api.errors.js';

/** The header (draft-ietf-httpapi-idempotency-key-header), in small letters. */
export const IDEMPOTENCY_KEY = 'idempotency-key';

/** A text of structured fields, or what clients write without its quotes; at most 255 characters that can be seen. */
const KEY = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

/** Methods that change something. */
const CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The key that a request names; undefined where it names none or changes nothing. @throws BadIdempotencyKeyError */
export function idempotencyKey({ method, headers }: Pick<HttpRequest, 'method' | 'headers'>): string | undefined {
  const header = headers[IDEMPOTENCY_KEY];
  if (header === undefined || !CHANGING.has(method)) return undefined;
  const [, quoted, bare] = KEY.exec(String(header).trim()) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) throw new BadIdempotencyKeyError();
  return key;
}

/** Under which key the answer is kept: clients cannot meet each other's. Visitors are told apart by their network. */
export function recordKey(request: HttpRequest, route: string, key: string): string {
  const actor = contextValue(ACTOR);
  const client = actor ? ['user', actor.id] : ['network', clientNetwork(request.ip)];
  return digest([...client, route, key]);
}

/** Equal for equal requests: their method, address, version and body, and the files in it. @param version null for none */
export async function requestFingerprint(request: HttpRequest, version: string | null): Promise<string> {
  const { method, originalUrl, headers, rawBody, body, files } = request;
  const type = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const sent = rawBody ? createHash('sha256').update(rawBody).digest('base64url') : JSON.stringify(body ?? null);
  const uploads = Object.values(files ?? {}).flat();
  const contents = await Promise.all(
    uploads.map(async (file) => [file.fieldName, file.fileName, await digestOf(file.open())]),
  );
  const inVersion = version === null ? [] : [version];
  return digest([method, originalUrl, ...inVersion, type, sent, ...contents.flat()]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

async function digestOf(content: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of content) hash.update(part as Buffer);
  return hash.digest('base64url');
}
