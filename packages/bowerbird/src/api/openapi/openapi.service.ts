import { Injectable, Optional } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService } from '@nestjs/core';

import { Permissions } from '#auth';
import { Descriptions } from '#orm';
import { SecurityConfig, ThrottledRoutes } from '#security';

import { UnknownVersionError } from '../api.errors.js';
import { ApiConfig } from '../api.options.js';
import { type ApiFormat } from '../content/api-format.js';
import { Formats } from '../content/formats.service.js';
import { answersIn } from '../versions/version-set.js';
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
  private readonly built = new Map<string | null, Promise<OpenApiDocument>>();

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

  /** The versions that have documents; empty where the API has none. */
  get versions(): readonly string[] {
    return this.config.versions?.known ?? [];
  }

  /**
   * The document of a version: the default one, or the last, unless said.
   * @throws UnknownVersionError; MissingPeerError where plain controllers cannot be described
   */
  async document(version?: string): Promise<OpenApiDocument> {
    const name = this.versionOf(version);
    const built = this.built.get(name) ?? this.build(name);
    this.built.set(name, built);
    return built.catch((error: unknown) => {
      this.built.delete(name);
      throw error;
    });
  }

  /** @throws UnknownVersionError */
  versionOf(given: string | undefined): string | null {
    const { versions } = this.config;
    if (!versions) return null;
    const version = given ?? versions.default ?? versions.known.at(-1)!;
    if (versions.known.includes(version)) return version;
    throw new UnknownVersionError(version, { ...versions, by: 'query', name: 'version' });
  }

  private async build(version: string | null): Promise<OpenApiDocument> {
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
    const operations = this.operations(registry, schemas, version);
    const plain = await this.plain.describe(schemas, version);
    const made = { ...plain.schemas, ...registry.all() };
    const { extend, ...openapi } = this.config.openapi;
    const document: OpenApiDocument = {
      openapi: '3.1.0',
      info: infoOf({ ...openapi, ...(version !== null && { version }) }),
      ...(openapi.servers.length > 0 && { servers: openapi.servers }),
      tags: this.tags(version),
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

  private operations(
    registry: SchemaRegistry,
    schemas: SerializerSchemas,
    version: string | null,
  ): readonly PlacedOperation[] {
    const tools: OperationTools = {
      registry,
      schemas,
      formats: (action) => this.formats.for(action),
      formatReader: (action) => this.formats.readerFor(action),
      security: (_viewset, { access, method }) => this.schemes.ofAction(access === 'public', isSafe(method)),
      mediaType: (format) => this.mediaType(format, version),
      isRepeatable: this.config.idempotency !== null,
      isLimited: this.limits(),
    };
    const rules = {
      globalPrefix: this.application.getGlobalPrefix(),
      versioning: this.application.getVersioning(),
      versions: this.config.versions,
    };
    const viewsets = this.viewsetsIn(version);
    // Serializers that viewsets name have the first choice of names.
    for (const { actions, name } of viewsets) for (const { serializer } of actions) schemas.nameOf(serializer, name);
    return viewsets.flatMap((viewset) => operationsOf(viewset, tools, rules, version));
  }

  private viewsetsIn(version: string | null): readonly ViewSetDescription[] {
    const all = this.viewsets.all();
    if (version === null) return all;
    return all.filter(({ actions }) =>
      actions.some(({ versions }) => versions.neutral || answersIn(versions, version)),
    );
  }

  /** JSON:API allows no parameters of others. */
  private mediaType({ mediaType, name }: ApiFormat, version: string | null): string {
    const { versions } = this.config;
    const told = versions?.by === 'mediaType' && version !== versions.default && name !== 'jsonapi';
    return told ? `${mediaType}; ${versions.name}=${version}` : mediaType;
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

  private tags(version: string | null): OpenApiDocument['tags'] {
    const described = (viewset: ViewSetDescription) => ({
      name: resourceOf(viewset),
      ...(viewset.summary !== '' && { description: viewset.summary }),
    });
    const viewsets = this.viewsetsIn(version);
    return [...new Map(viewsets.map((viewset) => [resourceOf(viewset), described(viewset)])).values()];
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
