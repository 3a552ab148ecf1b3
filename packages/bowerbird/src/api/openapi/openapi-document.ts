import { type JsonSchema } from '#core';

/** A reference to a component of the document. */
export interface Reference {
  readonly $ref: string;
}

/** What a body or an answer of one media type holds. */
export interface MediaTypeObject {
  readonly schema?: JsonSchema;
  readonly example?: unknown;
  readonly encoding?: Readonly<Record<string, object>>;
}

/** One parameter of an operation. */
export interface ParameterObject {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
  readonly style?: string;
  readonly explode?: boolean;
  readonly example?: unknown;
}

/** A header of an answer. */
export interface HeaderObject {
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** One answer of an operation. */
export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderObject | Reference>>;
  readonly content?: Readonly<Record<string, MediaTypeObject>>;
}

/** One operation: a method at a path. */
export interface OperationObject {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly (ParameterObject | Reference)[];
  readonly requestBody?: {
    readonly description?: string;
    readonly required?: boolean;
    readonly content: Readonly<Record<string, MediaTypeObject>>;
  };
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** What the same path takes by QUERY (RFC 10008), a method that OpenAPI knows from 3.2 on. */
  readonly 'x-query'?: { readonly requestBody: NonNullable<OperationObject['requestBody']> };
}

/** The operations of a path by method, in small letters. */
export type PathItem = Readonly<Record<string, OperationObject>>;

/** A server that answers the operations. */
export interface OpenApiServer {
  readonly url: string;
  readonly description?: string;
}

/** A description of an API: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1). */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers?: readonly OpenApiServer[];
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses?: Readonly<Record<string, ResponseObject>>;
    readonly headers?: Readonly<Record<string, HeaderObject>>;
    readonly parameters?: Readonly<Record<string, ParameterObject>>;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}
