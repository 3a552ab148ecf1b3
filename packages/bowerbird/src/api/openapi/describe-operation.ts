import { schemaOfChoices, type JsonSchema } from '#core';

import { type ApiFormat } from '../content/api-format.js';
import { type ParameterDescription, type ParameterReader } from '../filters/parameters.js';
import { HAS_QUERY, QUERY_TYPES } from '../viewset/query-method.js';
import { isSafe, KEY } from '../viewset/standard-actions.js';
import { type ActionDescription, type ViewSetDescription } from '../viewset/viewset-description.js';
import { VIEWSET } from '../viewset/viewset-note.js';
import { errorResponse, OTHER_ERRORS } from './document-components.js';
import { JSON_API_TYPE } from './json-api-schemas.js';
import {
  type MediaTypeObject,
  type OperationObject,
  type ParameterObject,
  type Reference,
  type ResponseObject,
} from './openapi-document.js';
import { operationId, summaryOf } from './operation-names.js';
import { schemaOfField } from './schema-of-field.js';
import { type SchemaRegistry } from './schema-registry.js';
import { type InputMode, type SerializerSchemas } from './serializer-schemas.js';

/** What operations are described with. */
export interface OperationTools {
  readonly registry: SchemaRegistry;
  readonly schemas: SerializerSchemas;
  readonly formats: (action: ActionDescription) => readonly ApiFormat[];
  /** The parameters that choose among the formats. */
  readonly formatReader: (action: ActionDescription) => ParameterReader;
  readonly security: (viewset: ViewSetDescription, action: ActionDescription) => OperationObject['security'];
  /** How a format is asked for. */
  readonly mediaType: (format: ApiFormat) => string;
  /** Whether repeated requests are recognized. */
  readonly isRepeatable: boolean;
  /** Whether an action has a limit. */
  readonly isLimited: (viewset: ViewSetDescription, action: ActionDescription) => boolean;
}

type Answers = Readonly<Record<string, ResponseObject>>;
type Content = Readonly<Record<string, MediaTypeObject>>;

const MODES: Readonly<Record<string, InputMode>> = { update: 'update', partialUpdate: 'patch' };
const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const;

/** Describes one action of a viewset. @param version where the viewset has several */
export function describeOperation(
  viewset: ViewSetDescription,
  action: ActionDescription,
  tools: OperationTools,
  version?: string,
): OperationObject {
  const scope = new OperationScope(viewset, action, tools);
  const body = scope.body();
  const parameters = scope.parameters();
  const security = tools.security(viewset, action);
  return {
    operationId: operationId(resourceOf(viewset), action.name, version),
    tags: [resourceOf(viewset)],
    summary: summaryOf(viewset, action),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: { ...scope.success(), ...scope.errors() },
    ...(security && { security }),
    ...(action.standard === 'list' && HAS_QUERY && { 'x-query': { requestBody: scope.query() } }),
  };
}

/** What the operations of a viewset are grouped under: the end of its path. */
export function resourceOf({ path, name, type }: ViewSetDescription): string {
  const own = VIEWSET.read(type)?.options.path ?? path;
  return own.split('/').filter(Boolean).join('-') || name;
}

/** One operation that is being described. */
class OperationScope {
  private readonly item: JsonSchema;

  constructor(
    private readonly viewset: ViewSetDescription,
    private readonly action: ActionDescription,
    private readonly tools: OperationTools,
  ) {
    this.item = tools.schemas.read(action.serializer);
  }

  parameters(): readonly (ParameterObject | Reference)[] {
    const queries = this.queries().map(queryParameter);
    return [...(this.action.detail ? [this.key()] : []), ...queries, ...this.headers()];
  }

  /** The parameters as the body of a QUERY. */
  query(): NonNullable<OperationObject['requestBody']> {
    const properties = Object.fromEntries(
      this.queries().map(({ name, description, schema }) => [name, { ...typed(schema), description }]),
    );
    const schema: JsonSchema = { type: 'object', properties, additionalProperties: false };
    return { required: true, content: Object.fromEntries(QUERY_TYPES.map((type) => [type, { schema }])) };
  }

  private queries(): readonly ParameterDescription[] {
    const { action, viewset } = this;
    const { filters, search, ordering, pagination } = viewset;
    const readers =
      action.standard === 'list' ? [filters, search, ordering, pagination, this.tools.formatReader(action)] : [];
    const shown = this.showsRows() ? [action.selection] : [];
    return [...readers, ...shown].flatMap(({ parameters }) => parameters);
  }

  /** What the body may be, by media type; undefined for none. */
  body(): Content | undefined {
    const { input, standard } = this.action;
    if (!input) return undefined;
    const { schemas } = this.tools;
    const mode = MODES[this.action.name] ?? 'create';
    const files = schemas.files(input, mode);
    const form = schemas.input(input, mode, files !== 'none');
    const json = schemas.input(input, mode);
    const forms = files === 'none' ? FORMS : FORMS.slice(1);
    return {
      ...(files !== 'required' && {
        'application/json': { schema: standard === 'create' ? this.several(json) : json },
      }),
      ...(this.speaksJsonApi() && { [JSON_API_TYPE]: { schema: { $ref: '#/components/schemas/JsonApiDocument' } } }),
      ...Object.fromEntries(forms.map((type) => [type, { schema: form }])),
    };
  }

  success(): Readonly<Record<string, ResponseObject>> {
    const { standard, status, options } = this.action;
    if (standard === 'destroy') return { 204: { description: 'It is deleted.' } };
    if (standard === null) return this.answered(String(status), this.shape(), options?.many ? 'Rows.' : 'The result.');
    const empty: Answers = isSafe(this.action.method)
      ? {}
      : { 204: { description: 'Done; nothing was to be returned.' } };
    const same: Answers = standard === 'retrieve' ? { 304: { description: 'The row has not changed.' } } : {};
    return { ...this.answered(String(status), this.shape(), DESCRIPTIONS[standard]!), ...empty, ...same };
  }

  errors(): Readonly<Record<string, Reference>> {
    const { action, viewset } = this;
    const { standard, access, method, detail } = action;
    const safe = isSafe(method);
    const repeats = !safe && this.tools.isRepeatable;
    const statuses: readonly (readonly [status: number, has: boolean])[] = [
      [400, true],
      [401, access !== 'public'],
      [403, access !== 'public' || !safe],
      [404, detail || standard === 'list'],
      [406, standard !== 'destroy'],
      [409, standard === 'destroy' || repeats],
      [412, detail && standard !== null && !safe],
      [413, !safe && standard !== 'destroy'],
      [415, !safe && standard !== 'destroy'],
      [422, repeats],
      [429, this.tools.isLimited(viewset, action)],
    ];
    const told = statuses.filter(([, has]) => has).map(([status]) => [status, errorResponse(status)] as const);
    return { ...Object.fromEntries(told), default: OTHER_ERRORS };
  }

  private speaksJsonApi(): boolean {
    return this.tools.formats(this.action).some(({ name }) => name === 'jsonapi');
  }

  private showsRows(): boolean {
    const { standard, options } = this.action;
    return standard === null ? options?.serializer !== undefined || options?.many === true : standard !== 'destroy';
  }

  /** What is answered. Extra actions may return anything unless they say that they return rows. */
  private shape(): JsonSchema | undefined {
    const { standard, status, options } = this.action;
    if (standard === 'list') return this.page();
    if (standard === 'create') return this.several(this.item);
    if (standard !== null) return this.item;
    if (status === 204) return undefined;
    if (!this.showsRows()) return {};
    return options?.many ? { type: 'array', items: this.item } : this.item;
  }

  private page(): JsonSchema {
    const { registry } = this.tools;
    const { pagination, name } = this.viewset;
    const wish = `${this.item.$ref?.split('/').at(-1) ?? name}Page`;
    return registry.ref(registry.nameOf(pagination, [wish, `${name}Page`]), () => pagination.envelopeSchema(this.item));
  }

  /** One or a list of them, where several can be made at once. */
  private several(schema: JsonSchema): JsonSchema {
    const { bulk } = this.viewset;
    if (bulk <= 1) return schema;
    return { anyOf: [schema, { type: 'array', items: schema, maxItems: bulk }] };
  }

  private answered(
    status: string,
    schema: JsonSchema | undefined,
    description: string,
  ): Readonly<Record<string, ResponseObject>> {
    if (!schema) return { [status]: { description } };
    const headers = HEADERS[this.action.standard ?? ''] ?? [];
    const formats = this.tools.formats(this.action);
    const { mediaType } = this.tools;
    const content = Object.fromEntries(formats.map((format) => [mediaType(format), this.written(format, schema)]));
    const named = headers.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
    return { [status]: { description, ...(named.length > 0 && { headers: Object.fromEntries(named) }), content } };
  }

  /** Only plain JSON holds documents as they are. */
  private written({ name, streams }: ApiFormat, schema: JsonSchema): MediaTypeObject {
    if (name === 'json') return { schema };
    if (name === 'jsonapi') return { schema: { $ref: '#/components/schemas/JsonApiDocument' } };
    return { schema: streams ? { type: 'string' } : { type: 'object' } };
  }

  private key(): ParameterObject {
    const { lookup, entity } = this.viewset;
    const field = lookup === null ? undefined : entity.field(lookup);
    const schema = field ? schemaOfField(field) : this.tools.schemas.key(entity);
    const one = schema.type === 'object' ? { type: 'string' } : schema;
    return { name: KEY, in: 'path', required: true, description: `Names the ${entity.label}.`, schema: one };
  }

  private headers(): readonly Reference[] {
    const { standard, method, detail } = this.action;
    const changes = !isSafe(method);
    const names = [
      ...(standard === 'retrieve' ? ['IfNoneMatch'] : []),
      ...(detail && changes && standard !== null ? ['IfMatch'] : []),
      ...(changes && standard !== null && standard !== 'destroy' ? ['Prefer'] : []),
      ...(changes && this.tools.isRepeatable ? ['IdempotencyKey'] : []),
    ];
    return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  list: 'One page of the rows.',
  create: 'The row that was made, or all of a list.',
  retrieve: 'The row.',
  update: 'The row as it is now.',
  partialUpdate: 'The row as it is now.',
};

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  list: ['Link'],
  create: ['Location', 'ETag'],
  retrieve: ['ETag'],
  update: ['ETag'],
  partialUpdate: ['ETag'],
};

/** Lists stand in one parameter, separated by commas. */
function queryParameter({ name, description, schema, example }: ParameterDescription): ParameterObject {
  const list = schema.type === 'array';
  const shown = list && typeof example === 'string' ? example.split(',') : example;
  return {
    name,
    in: 'query',
    description,
    // Not as the example of the parameter: pages that try operations out would send that unasked.
    schema: { ...typed(schema), ...(shown !== undefined && { examples: [shown] }) },
    ...(list && { style: 'form', explode: false }),
  };
}

/** The schema of a parameter, or of the items of its list, with types. */
function typed(schema: JsonSchema): JsonSchema {
  return schema.type === 'array' && schema.items ? { ...schema, items: withType(schema.items) } : withType(schema);
}

/** Choices with the type that they have, for readers and generators that look at types first. */
function withType(schema: JsonSchema): JsonSchema {
  if (!schema.enum || schema.type !== undefined) return schema;
  return { ...schema, ...schemaOfChoices(schema.enum as readonly (string | number | boolean)[]) };
}
