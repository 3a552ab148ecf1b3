import { Injectable, Optional } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService } from '@nestjs/core';

import { Permissions } from '#auth';
import { Descriptions } from '#orm';
import { SecurityConfig, ThrottledRoutes } from '#security';

import { ApiConfig } from '../api.options.js';
import { Formats } from '../content/formats.service.js';
import { isSafe } from '../viewset/standard-actions.js';
import { type ViewSetDescription } from '../viewset/viewset-description.js';
import { ViewSets } from '../viewset/viewsets.service.js';
import { resourceOf, type OperationTools } from './describe-operation.js';
import { PROBLEM_SCHEMA, SHARED_HEADERS, SHARED_PARAMETERS, sharedResponses } from './document-components.js';
import { JSON_API_DOCUMENT, JSON_API_ERRORS } from './json-api-schemas.js';
import { type OpenApiDocument, type PathItem } from './openapi-document.js';
import { PlainOperations } from './plain-operations.js';
import { SchemaRegistry } from './schema-registry.js';
import { SecuritySchemes } from './security-schemes.js';
import { SerializerSchemas } from './serializer-schemas.js';
import { operationsOf, type PlacedOperation } from './viewset-operations.js';

const JSON_API_SCHEMAS = { JsonApiDocument: JSON_API_DOCUMENT, JsonApiErrors: JSON_API_ERRORS };

/** The description of the API. It is built when it is first asked for, never at boot, and then kept. */
@Injectable()
export class OpenApi {
  private built: Promise<OpenApiDocument> | undefined;

  constructor(
    private readonly config: ApiConfig,
    private readonly application: ApplicationConfig,
    private readonly viewsets: ViewSets,
    private readonly descriptions: Descriptions,
    private readonly permissions: Permissions,
    private readonly formats: Formats,
    private readonly plain: PlainOperations,
    private readonly schemes: SecuritySchemes,
    private readonly discovery: DiscoveryService,
    @Optional() private readonly security?: SecurityConfig,
  ) {}

  /** @throws MissingPeerError where plain controllers cannot be described */
  document(): Promise<OpenApiDocument> {
    this.built ??= this.build().catch((error: unknown) => {
      this.built = undefined;
      throw error;
    });
    return this.built;
  }

  private async build(): Promise<OpenApiDocument> {
    const registry = new SchemaRegistry();
    const jsonApi = this.speaksJsonApi();
    const shared = { Problem: PROBLEM_SCHEMA, ...(jsonApi && JSON_API_SCHEMAS) };
    for (const [name, schema] of Object.entries(shared)) {
      registry.nameOf(schema, [name]);
      registry.ref(name, () => schema);
    }
    const { descriptions } = this;
    const isScoped = ({ target }: { readonly target: Parameters<Permissions['isScoped']>[0] }): boolean =>
      this.permissions.isScoped(target);
    const schemas = new SerializerSchemas({ descriptions, registry, isScoped });
    const operations = this.operations(registry, schemas);
    const plain = await this.plain.describe(schemas);
    const made = { ...plain.schemas, ...registry.all() };
    const { extend, ...openapi } = this.config.openapi;
    const document: OpenApiDocument = {
      openapi: '3.1.0',
      info: infoOf(openapi),
      ...(openapi.servers.length > 0 && { servers: openapi.servers }),
      tags: this.tags(),
      paths: pathsOf([...plain.operations, ...operations]),
      components: {
        schemas: made,
        responses: sharedResponses(jsonApi),
        headers: SHARED_HEADERS,
        parameters: SHARED_PARAMETERS,
        securitySchemes: this.schemes.all(),
      },
    };
    return extend ? extend(document) : document;
  }

  private operations(registry: SchemaRegistry, schemas: SerializerSchemas): readonly PlacedOperation[] {
    const tools: OperationTools = {
      registry,
      schemas,
      formats: (action) => this.formats.for(action),
      formatReader: (action) => this.formats.readerFor(action),
      security: (_viewset, { access, method }) => this.schemes.ofAction(access === 'public', isSafe(method)),
      isRepeatable: this.config.idempotency !== null,
      isLimited: this.limits(),
    };
    const rules = { globalPrefix: this.application.getGlobalPrefix(), versioning: this.application.getVersioning() };
    const viewsets = this.viewsets.all();
    // Serializers that viewsets name have the first choice of names.
    for (const { actions, name } of viewsets) for (const { serializer } of actions) schemas.nameOf(serializer, name);
    return viewsets.flatMap((viewset) => operationsOf(viewset, tools, rules));
  }

  private speaksJsonApi(): boolean {
    const actions = this.viewsets.all().flatMap((viewset) => viewset.actions);
    return actions.some((action) => this.formats.for(action).some(({ name }) => name === 'jsonapi'));
  }

  private limits(): OperationTools['isLimited'] {
    const throttle = this.security?.throttle;
    if (!throttle?.enabled) return () => false;
    if (throttle.defaults.length > 0) return () => true;
    const limited = new Set(new ThrottledRoutes(this.discovery).names());
    return ({ type }, { name }) => limited.has(`${type.name}.${name}`);
  }

  private tags(): OpenApiDocument['tags'] {
    const described = (viewset: ViewSetDescription) => ({
      name: resourceOf(viewset),
      ...(viewset.summary !== '' && { description: viewset.summary }),
    });
    return [...new Map(this.viewsets.all().map((viewset) => [resourceOf(viewset), described(viewset)])).values()];
  }
}

function infoOf({ title, version, description }: Omit<ApiConfig['openapi'], 'extend'>): OpenApiDocument['info'] {
  return { title, version, ...(description !== '' && { description }) };
}

function pathsOf(operations: readonly PlacedOperation[]): Readonly<Record<string, PathItem>> {
  const paths: Record<string, Record<string, PlacedOperation['operation']>> = {};
  for (const { path, method, operation } of operations) (paths[path] ??= {})[method] = operation;
  return paths;
}
