import { Module, type DynamicModule, type NestModule } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';

import { type Class } from '#core';
import { PathMethods } from '#http';

import { ApiChecks } from './api.checks.js';
import { ApiConfig } from './api.options.js';
import { Answers } from './content/answers.service.js';
import { CsvFormat } from './content/csv.format.js';
import { Formats } from './content/formats.service.js';
import { JsonFormat } from './content/json.format.js';
import { JsonApiFormat } from './content/jsonapi/json-api.format.js';
import { ListStreams } from './content/list-streams.service.js';
import { NdjsonFormat } from './content/ndjson.format.js';
import { ClearIdempotencyCommand } from './idempotency/clear-idempotency.command.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import { Documents } from './serializer/documents.service.js';
import { EntityLinks } from './serializer/entity-links.js';
import { InputFields } from './serializer/input-fields.js';
import { Inputs } from './serializer/inputs.service.js';
import { Serializers } from './serializer/serializers.service.js';
import { ApiVersions } from './versions/api-versions.service.js';
import { ActionAnswers } from './viewset/actions/action-answers.js';
import { ActionRows } from './viewset/actions/action-rows.js';
import { ActionRunner } from './viewset/actions/action-runner.js';
import { CreateAction } from './viewset/actions/create.action.js';
import { DestroyAction } from './viewset/actions/destroy.action.js';
import { ListAction } from './viewset/actions/list.action.js';
import { Preconditions } from './viewset/actions/preconditions.js';
import { RetrieveAction } from './viewset/actions/retrieve.action.js';
import { RowDocuments } from './viewset/actions/row-documents.js';
import { UpdateAction } from './viewset/actions/update.action.js';
import { WriteScope } from './viewset/actions/write-scope.js';
import { spareInterceptor } from './viewset/direct-actions.js';
import { QueryBodies } from './viewset/query-bodies.js';
import { ViewSetActions } from './viewset/viewset-actions.js';
import { ViewSetCalls } from './viewset/viewset-calls.js';
import { ViewSetMethods } from './viewset/viewset-methods.js';
import { VIEWSET } from './viewset/viewset-note.js';
import { ViewSetPaths } from './viewset/viewset-paths.js';
import { ViewSetRows } from './viewset/viewset-rows.js';
import { ViewSets } from './viewset/viewsets.service.js';

const SERIALIZERS = [ApiVersions, Serializers, EntityLinks, InputFields, Inputs, Documents];
const VIEWSETS = [
  ViewSets,
  ViewSetPaths,
  ViewSetRows,
  ViewSetCalls,
  ViewSetActions,
  ActionAnswers,
  ActionRows,
  ActionRunner,
  QueryBodies,
];
const ACTIONS = [
  ListAction,
  CreateAction,
  RetrieveAction,
  UpdateAction,
  DestroyAction,
  RowDocuments,
  WriteScope,
  Preconditions,
];
const CONTENT = [Answers, Formats, JsonFormat, JsonApiFormat, CsvFormat, NdjsonFormat, ListStreams, Idempotency];

/** Serializers and viewsets. Global, because viewsets are controllers of the application's own modules. */
@Module({})
export class ApiModule implements NestModule {
  constructor(
    private readonly paths: ViewSetPaths,
    private readonly discovery: DiscoveryService,
  ) {}

  static forRoot(config: ApiConfig): DynamicModule {
    const shared = [...SERIALIZERS, ...VIEWSETS, ...ACTIONS, ...CONTENT];
    return {
      module: ApiModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: ApiConfig, useValue: config },
        ...shared,
        ApiChecks,
        { provide: PathMethods, useClass: ViewSetMethods },
        ...(config.idempotency ? [ClearIdempotencyCommand] : []),
      ],
      exports: [ApiConfig, ...shared],
    };
  }

  /** Nest calls this before it registers the routes. */
  configure(): void {
    this.paths.place();
    for (const { metatype } of this.discovery.getControllers())
      if (metatype && VIEWSET.read(metatype)) spareInterceptor(metatype as Class);
  }
}
