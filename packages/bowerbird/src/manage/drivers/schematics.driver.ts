/** What the package `@bowerbird/schematics` offers. */
export interface Schematics {
  /** Runs a generator and returns the exit code: 0, 1 when it cannot go on, 2 for a wrong command line. */
  scaffold(call: {
    readonly verb: string;
    readonly args: readonly string[];
    /** A folder of the project; that of the process by default. */
    readonly folder?: string;
    readonly out: (line: string) => void;
    readonly err: (line: string) => void;
  }): Promise<number>;
}

const PEER = '@bowerbird/schematics';

/**
 * Imports the package. Nest is imported only to say that it is missing: generators answer without.
 * @throws MissingPeerError
 */
export async function loadSchematics(): Promise<Schematics> {
  try {
    return await importSchematics();
  } catch {
    const { loadPeer } = await import('#core');
    return loadPeer(PEER, 'Generating code', importSchematics);
  }
}

/** By a name in a constant, so that the framework compiles where the package is not built yet. */
function importSchematics(): Promise<Schematics> {
  return import(PEER) as Promise<Schematics>;
}
