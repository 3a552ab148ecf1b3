import { Readable } from 'node:stream';

import { type AbstractHttpAdapter } from '@nestjs/core';

import { currentRequest } from '../context/request-keys.js';
import { type HttpResponse } from '../http-request.js';
import { Reply } from './reply.js';

const ANSWERED = Symbol('bowerbird:answered');

/** Most bytes of UTF-8 for one unit of a JavaScript text. */
const MOST_BYTES = 3;
/** Texts above this length are not worth the room that they might need. */
const LONG = 1_000_000;

type Answerable = HttpResponse & { [ANSWERED]?: true };

/** Writes a reply to the response, once. */
export function sendReply(response: HttpResponse, reply: Reply): void {
  const answerable = response as Answerable;
  if (answerable[ANSWERED]) return;
  answerable[ANSWERED] = true;
  response.statusCode = reply.status;
  for (const name in reply.headers) response.setHeader(name, reply.headers[name]!);
  if (reply.body instanceof Readable) pipeBody(response, reply.body);
  else endWith(response, reply.body);
}

function endWith(response: HttpResponse, body: string | Uint8Array | undefined): void {
  if (body === undefined) {
    response.end();
    return;
  }
  const bytes = typeof body === 'string' ? encode(body) : body;
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}

/** A text as UTF-8. `Buffer.from` counts its bytes before it writes them, which takes as long again. */
function encode(text: string): Buffer {
  if (text.length > LONG) return Buffer.from(text);
  const room = Buffer.allocUnsafe(text.length * MOST_BYTES);
  return room.subarray(0, room.write(text));
}

function pipeBody(response: HttpResponse, body: Readable): void {
  response.on('close', () => body.destroy());
  if (currentRequest()?.method === 'HEAD') {
    body.destroy();
    response.end();
    return;
  }
  body.on('error', (error) => response.destroy(error));
  body.pipe(response as unknown as NodeJS.WritableStream);
}

/**
 * Lets every controller return a {@link Reply}: Nest's adapter learns to send one, and to keep silent where a reply was
 * already sent.
 */
export function teachReplies(adapter: AbstractHttpAdapter): void {
  const plain = adapter.reply.bind(adapter) as (response: unknown, body: unknown, status?: number) => unknown;
  adapter.reply = (response: Answerable, body: unknown, status?: number) => {
    if (response[ANSWERED]) return undefined;
    if (body instanceof Reply) return sendReply(response, body);
    return plain(response, body, status);
  };
}
