import { loadPeer, type JsonSchema } from '#core';

import { type PathItem } from '../openapi-document.js';
import { type ScannedApplication } from '../plain-controllers.js';

/** What the decorators of plain controllers say. */
export interface ScannedDocument {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
}

/** How plain controllers are described. */
export interface ScanOptions {
  readonly operationIdFactory: (controller: string, method: string, version?: string) => string;
  /** The schema of a Standard Schema that is known by another name. */
  readonly standardSchemaConverter: (schema: unknown) => { readonly schema: unknown } | undefined;
}

/** Describes controllers by the decorators of @nestjs/swagger. @throws MissingPeerError */
export async function scanControllers(app: ScannedApplication, options: ScanOptions): Promise<ScannedDocument> {
  const { SwaggerModule } = await loadPeer(
    '@nestjs/swagger',
    'The description of controllers',
    () => import('@nestjs/swagger'),
  );
  const base = { openapi: '3.1.0', info: { title: '', version: '' } };
  return SwaggerModule.createDocument(app as never, base, options) as unknown as ScannedDocument;
}
