import { createRequire } from 'node:module';

import { loadPeer, MissingPeerError } from '#core';

/** The files of Swagger UI and Redoc that pages need, by the package that has them. */
const FILES: ReadonlyMap<string, readonly [peer: string, file: string]> = new Map([
  ['swagger-ui.css', ['swagger-ui-dist', 'swagger-ui-dist/swagger-ui.css']],
  ['swagger-ui-bundle.js', ['swagger-ui-dist', 'swagger-ui-dist/swagger-ui-bundle.js']],
  ['redoc.standalone.js', ['redoc', 'redoc/bundles/redoc.standalone.js']],
]);

/** Where a file of Swagger UI or Redoc lies; undefined for names that are none. @throws MissingPeerError */
export async function viewerFile(name: string): Promise<string | undefined> {
  const [peer, file] = FILES.get(name) ?? [];
  if (!peer || !file) return undefined;
  const { resolve } = createRequire(import.meta.url);
  return loadPeer(peer, 'The page that shows the API', async () => resolve(file));
}

/** Whether the package that has a file is installed. */
export async function hasViewerFile(name: string): Promise<boolean> {
  try {
    return (await viewerFile(name)) !== undefined;
  } catch (error) {
    if (error instanceof MissingPeerError) return false;
    throw error;
  }
}
