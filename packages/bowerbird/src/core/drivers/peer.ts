import { FrameworkError } from '../errors/framework.error.js';

/** An optional package that a chosen driver needs is not installed. */
export class MissingPeerError extends FrameworkError {
  readonly code = 'core.missing_peer';

  constructor(peer: string, purpose: string, cause: unknown) {
    super(`${purpose} needs the package "${peer}", which is not installed`, { hint: `npm install ${peer}`, cause });
  }
}

/**
 * Imports an optional peer, turning its absence into one clear error.
 * The caller writes the import itself (`() => import('pg')`), so that bundlers and types see it.
 * @throws MissingPeerError
 */
export async function loadPeer<T>(peer: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = (error as { code?: string }).code;
    const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    if (absent && (error as Error).message.includes(peer)) throw new MissingPeerError(peer, purpose, error);
    throw error;
  }
}
