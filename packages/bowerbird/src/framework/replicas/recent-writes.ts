import { BadSignatureError, type Signer } from '#core';

/** When a client has last written to databases, in milliseconds since 1970 by alias. */
export type RecentWrites = ReadonlyMap<string, number>;

/** The writes as a signed token; it holds aliases and times. */
export function showWrites(signer: Signer, salt: string, writes: RecentWrites): string {
  return signer.sign(salt, JSON.stringify(Object.fromEntries(writes)));
}

/** The writes that a token tells of; none where it was not made here. */
export function readWrites(signer: Signer, salt: string, token: string): RecentWrites {
  try {
    return new Map(Object.entries(JSON.parse(signer.unsign(salt, token)) as Record<string, number>));
  } catch (error) {
    if (error instanceof BadSignatureError) return new Map();
    throw error;
  }
}
