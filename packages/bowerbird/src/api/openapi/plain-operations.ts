import { Injectable, VERSION_NEUTRAL } from '@nestjs/common';

import { type Class, type JsonSchema } from '#core';

import { Serializers } from '../serializer/serializers.service.js';
import { versionSet } from '../versions/version-set.js';
import { classVersion, methodVersion } from '../viewset/noted-version.js';
import { OTHER_ERRORS } from './document-components.js';
import { scanControllers } from './drivers/swagger.driver.js';
import { operationId } from './operation-names.js';
import { isPublicHandler, PlainControllers } from './plain-controllers.js';
import { SecuritySchemes } from './security-schemes.js';
import { serializerOfSchema } from './serializer-schema.js';
import { type SerializerSchemas } from './serializer-schemas.js';
import { type PlacedOperation } from './viewset-operations.js';

/** What is known of the controllers that are no viewsets. */
export interface PlainDescription {
  readonly operations: readonly PlacedOperation[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

const SAFE: ReadonlySet<string> = new Set(['get', 'head', 'options']);

/** Describes the application's own controllers by what their decorators say. */
@Injectable()
export class PlainOperations {
  constructor(
    private readonly controllers: PlainControllers,
    private readonly serializers: Serializers,
    private readonly schemes: SecuritySchemes,
  ) {}

  /**
   * Those that answer in a version; null where the API has none.
   * @throws MissingPeerError where there are such controllers and @nestjs/swagger is not installed
   */
  async describe(schemas: SerializerSchemas, version: string | null): Promise<PlainDescription> {
    const classes = this.controllers.all();
    if (classes.size === 0) return { operations: [], schemas: {} };
    const handlers = new Map<string, readonly [controller: string, method: string]>();
    const { paths, components } = await scanControllers(this.controllers.application(), {
      operationIdFactory: (controller, method, version) => {
        const id = operationId(controller.replace(/Controller$/, ''), method, version);
        handlers.set(id, [controller, method]);
        return id;
      },
      standardSchemaConverter: (schema) => this.known(schema, schemas),
    });
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) => {
        const [controller = '', name = ''] = handlers.get(operation.operationId) ?? [];
        const type = classes.get(controller);
        if (version !== null && type && isOfOthers(type as Class, name, version)) return [];
        const security = type && this.schemes.of(type, name, isPublicHandler(type, name), SAFE.has(method));
        const responses = { ...operation.responses, default: operation.responses['default'] ?? OTHER_ERRORS };
        return { path, method, operation: { ...operation, responses, security: operation.security ?? security ?? [] } };
      }),
    );
    return { operations, schemas: components?.schemas ?? {} };
  }

  /** The schema of a serializer that stands in `@Body({ schema })`. */
  private known(schema: unknown, schemas: SerializerSchemas): { readonly schema: unknown } | undefined {
    const found = serializerOfSchema(schema);
    return found && { schema: schemas.input(this.serializers.of(found.type), found.mode) };
  }
}

/** Whether a handler, or its controller, names other versions alone. */
function isOfOthers(type: Class, name: string, version: string): boolean {
  const option = methodVersion(type, name) ?? classVersion(type);
  const { names, neutral } = versionSet(option ?? VERSION_NEUTRAL, null);
  return !neutral && !names.includes(version);
}
