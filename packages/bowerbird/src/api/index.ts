export { ApiApp } from './api.app.js';
export { ApiChecks } from './api.checks.js';
export {
  BadIdempotencyKeyError,
  BadParametersError,
  ClientIdError,
  ForbiddenActionError,
  ForeignCursorError,
  InvalidInputError,
  NoSuchPageError,
  NotAcceptableError,
  OutOfScopeError,
  PreconditionFailedError,
  ReusedIdempotencyKeyError,
  UnboundPaginationError,
  UnpageableRowsError,
  UnknownParameterError,
  UnknownSerializerError,
  UnknownVersionError,
  UnknownViewSetError,
} from './api.errors.js';
export { ApiModule } from './api.module.js';
export { ApiConfig, type ApiOptions, resolveApi } from './api.options.js';

// Repeated requests.
export { IdempotencyRecord } from './idempotency/idempotency-record.entity.js';
export { type IdempotencyOptions } from './idempotency/idempotency.options.js';

// Versions.
export { ApiVersions } from './versions/api-versions.service.js';
export { type VersionOption, type VersionSet } from './versions/version-set.js';
export { type DeprecationOptions, type VersionPlace, type VersionsOptions } from './versions/versions.options.js';

// Serializers.
export { Computed, type ComputedOptions, type ComputedType } from './serializer/computed.decorator.js';
export { Documents } from './serializer/documents.service.js';
export { Inputs } from './serializer/inputs.service.js';
export { ModelSerializer } from './serializer/model-serializer.js';
export { type InputContext, type SerializerContext, type WrittenContext } from './serializer/serializer-context.js';
export { type Member, type SerializerDescription } from './serializer/serializer-description.js';
export {
  type HiddenValue,
  type NestedOptions,
  type ReferenceStyle,
  Serializer,
  type SerializerClass,
  type SerializerOptions,
} from './serializer/serializer.decorator.js';
export { Serializers } from './serializer/serializers.service.js';

// Viewsets.
export { type AccessRule, type AccessRules } from './viewset/access-rule.js';
export { Action, type ActionMethod, type ActionOptions } from './viewset/action.decorator.js';
export { Instance } from './viewset/instance.decorator.js';
export { ModelViewSet } from './viewset/model-viewset.js';
export { type StandardAction } from './viewset/standard-actions.js';
export { type ActionDescription, type ViewSetDescription } from './viewset/viewset-description.js';
export { type ViewSetOptions } from './viewset/viewset-note.js';
export { ViewSet } from './viewset/viewset.decorator.js';
export { ViewSets } from './viewset/viewsets.service.js';

// Lists.
export {
  type CustomFilter,
  type FilterDeclaration,
  type FilterDeclarations,
  type FilterOptions,
} from './filters/describe-filters.js';
export { ParameterProblems } from './filters/parameter-problems.js';
export { type ParameterDescription, type ParameterReader, type Parameters } from './filters/parameters.js';
// Formats.
export { type ExportOptions } from './content/describe-export.js';

export { type CountOptions } from './pagination/bounded-count.js';
export { cursor, type CursorOptions, CursorPagination } from './pagination/cursor.pagination.js';
export { limitOffset, type LimitOffsetOptions, LimitOffsetPagination } from './pagination/limit-offset.pagination.js';
export { type PageLinks, type PageRelation, type RequestAddress } from './pagination/page-address.js';
export { type PageNumberOptions, PageNumberPagination, pages } from './pagination/page-number.pagination.js';
export { type PageSizeOptions } from './pagination/page-size.js';
export { type PageBinding, type PageResult, Pagination } from './pagination/pagination.js';

// The description of the API.
export { type DocsLink, DocsLinks } from './openapi/docs/docs-links.js';
export { DocsReaders } from './openapi/docs/docs-readers.js';
export { type DocsAccess, type DocsOptions, type OpenApiOptions } from './openapi/openapi.options.js';
export { type OpenApiDocument } from './openapi/openapi-document.js';
export { OpenApiModule } from './openapi/openapi.module.js';
export { OpenApi } from './openapi/openapi.service.js';
export { type PreparedInput } from './serializer/prepared-input.js';
export { serializerSchema, type SerializerSchema } from './openapi/serializer-schema.js';
