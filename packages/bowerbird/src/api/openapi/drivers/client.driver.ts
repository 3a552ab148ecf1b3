import { loadPeer } from '#core';

import { type OpenApiDocument } from '../openapi-document.js';

/** Writes a client that needs nothing but `fetch`: types, and a function for each operation. @throws MissingPeerError */
export async function writeClient(document: OpenApiDocument, folder: string): Promise<void> {
  const { createClient } = await loadPeer('@hey-api/openapi-ts', 'The client', () => import('@hey-api/openapi-ts'));
  await createClient({
    input: document as never,
    output: { path: folder, importFileExtension: '.js' },
    plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
    logs: { level: 'silent', file: false },
  });
}
