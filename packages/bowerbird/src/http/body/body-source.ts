import { type IncomingMessage } from 'node:http';

import { PayloadTooLargeError } from '../http.errors.js';

/** The client went away in the middle of a body; nobody is left to answer. */
export class ClientGone extends Error {}

/** How much of a refused body is thrown away so that the client gets to read the answer; in bytes. */
const DRAIN_LIMIT = 64 * 1024 * 1024;
const DRAIN_TIME = 10_000;

/** All bytes of a body. @throws PayloadTooLargeError, ClientGone */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (settle: () => void) => {
      request.off('data', take).off('end', finish).off('close', gone).off('error', gone);
      settle();
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) stop(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const finish = () => stop(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)));
    const gone = () => stop(() => reject(new ClientGone()));
    request.on('data', take).on('end', finish).on('close', gone).on('error', gone);
  });
}

/** The error for a body beyond its limit. */
export function tooLarge(limit: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`The request body is larger than ${describeBytes(limit)}`);
}

/** A size for people: `1 MiB`, `300 bytes`. */
export function describeBytes(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${trim(bytes / 1024 / 1024)} MiB`;
  return bytes >= 1024 ? `${trim(bytes / 1024)} KiB` : `${bytes} bytes`;
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

/**
 * Throws the rest of a refused body away. A connection that is closed while the client still sends would be reset, and
 * the client would never see the answer; but nobody may make us read forever.
 */
export function drain(request: IncomingMessage): void {
  let length = 0;
  const end = setTimeout(() => request.destroy(), DRAIN_TIME).unref();
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > DRAIN_LIMIT) request.destroy();
  });
  request.on('close', () => clearTimeout(end));
  request.on('error', () => request.destroy());
  request.resume();
}
