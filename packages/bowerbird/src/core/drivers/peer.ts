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
    throw absentPackage(error) === peer ? new MissingPeerError(peer, purpose, error) : error;
  }
}

/** The package that could not be found. A peer that is there may miss a package or a file of its own. */
function absentPackage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !/^(ERR_)?MODULE_NOT_FOUND$/.test(String((error as { code?: string }).code)))
    return undefined;
  const name = /Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1];
  return name && /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0];
}
