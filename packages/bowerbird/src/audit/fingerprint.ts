import { type Signer } from '#core';

import { type AuditEntry } from './audit-entry.entity.js';

const SALT = 'audit.entry';

/** What an entry says, without its id, which the database makes. */
export type EntryContent = Omit<AuditEntry, 'id' | 'fingerprint'>;

/** A keyed hash of all that an entry says (HMAC-SHA256); whoever changes the row without the secret key cannot make it. */
export function fingerprintOf(signer: Signer, entry: EntryContent): string {
  return signer.signature(SALT, canonical(entry));
}

/** Whether an entry still says what was written; earlier secret keys are accepted. */
export function isUntouched(signer: Signer, entry: AuditEntry): boolean {
  return signer.verifies(SALT, canonical(entry), entry.fingerprint);
}

function canonical(entry: EntryContent): string {
  const { at, actorId, actorLabel, requestId, action, entity, objectKey, objectText, changes, message } = entry;
  const parts = [actorId, actorLabel, requestId, action, entity, objectKey, objectText, message];
  return JSON.stringify([at.getTime(), ...parts.map((part) => part && wellFormed(part)), sorted(changes)]);
}

/** Databases may keep the names of a document in another order. */
function sorted(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, held]) => [name, sorted(held)]);
}

/** Databases keep no halves of characters. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
