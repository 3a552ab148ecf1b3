import { currentUser, Permissions } from '#auth';
import { APPLICATION, contextValue, NoContextError, type JsonSchema } from '#core';
import { type StandardResult } from '#forms';
import { currentRequest } from '#http';
import { Descriptions } from '#orm';

import { ForbiddenActionError, InvalidInputError } from '../api.errors.js';
import { jsonSource } from '../serializer/input-source.js';
import { Inputs } from '../serializer/inputs.service.js';
import { type PreparedInput } from '../serializer/prepared-input.js';
import { type SerializerClass } from '../serializer/serializer.decorator.js';
import { Serializers } from '../serializer/serializers.service.js';
import { type NestedPermit } from '../serializer/take-options.js';
import { SchemaRegistry } from './schema-registry.js';
import { SerializerSchemas, type InputMode } from './serializer-schemas.js';

/** What schemas of serializers may be told. */
export interface SerializerSchemaOptions {
  /** What the input is for; a new row unless said. */
  readonly mode?: InputMode;
}

/** A serializer as a Standard Schema with JSON Schema (https://standardschema.dev), for `@Body({ schema })` of Nest. */
export interface SerializerSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'bowerbird';
    /** The input, checked and not yet written: `Inputs.write` does that. */
    readonly validate: (value: unknown) => Promise<StandardResult<PreparedInput>>;
    readonly jsonSchema: { readonly input: () => JsonSchema; readonly output: () => JsonSchema };
    readonly types?: { readonly input: unknown; readonly output: PreparedInput };
  };
}

class StandardSerializer implements SerializerSchema {
  constructor(
    readonly type: SerializerClass,
    readonly mode: InputMode,
  ) {}

  readonly '~standard' = {
    version: 1,
    vendor: 'bowerbird',
    validate: (value: unknown) => this.validate(value),
    jsonSchema: { input: () => this.describe('input'), output: () => this.describe('output') },
  } as const;

  private async validate(value: unknown): Promise<StandardResult<PreparedInput>> {
    const application = ambient();
    const request = currentRequest();
    const context = { user: currentUser(), ...(request && { request }) };
    try {
      const description = application.get(Serializers).of(this.type);
      const options = { context, partial: this.mode === 'patch', permit: permitOf(application.get(Permissions)) };
      return { value: await application.get(Inputs).prepare(description, jsonSource(value), options) };
    } catch (error) {
      if (error instanceof InvalidInputError) return { issues: issuesOf(error) };
      throw error;
    }
  }

  private describe(side: 'input' | 'output'): JsonSchema & { readonly $defs: object } {
    const application = ambient();
    const registry = new SchemaRegistry('#/$defs/');
    const permissions = application.get(Permissions);
    const schemas = new SerializerSchemas({
      descriptions: application.get(Descriptions),
      registry,
      isScoped: ({ target }) => permissions.isScoped(target),
    });
    const description = application.get(Serializers).of(this.type);
    const schema = side === 'input' ? schemas.input(description, this.mode) : schemas.read(description);
    return { ...schema, $defs: registry.all() };
  }
}

/**
 * A serializer as a schema that Nest and other libraries take:
 *
 *     @Post() @UsePipes(StandardSchemaValidationPipe)
 *     create(@Body({ schema: serializerSchema(PostSerializer) }) input: PreparedInput) { return this.inputs.write(input); }
 *
 * It works inside of requests and commands, where the application is known.
 */
export function serializerSchema(
  type: SerializerClass,
  { mode = 'create' }: SerializerSchemaOptions = {},
): SerializerSchema {
  return new StandardSerializer(type, mode);
}

/** The serializer behind a schema; undefined for schemas of others. */
export function serializerOfSchema(
  schema: unknown,
): { readonly type: SerializerClass; readonly mode: InputMode } | undefined {
  return schema instanceof StandardSerializer ? schema : undefined;
}

/** What is nested in the input may be written by those who have the permission of the entity. */
function permitOf(permissions: Permissions): NestedPermit {
  return async (does, entity, row) => {
    const user = currentUser();
    if (!user || !(await permissions.may(user, does, entity, row))) throw new ForbiddenActionError(does);
  };
}

function ambient(): NonNullable<ReturnType<typeof application>> {
  const found = application();
  if (!found) throw new NoContextError();
  return found;
}

const application = () => contextValue(APPLICATION);

function issuesOf({
  issues,
}: InvalidInputError): readonly { readonly message: string; readonly path: readonly string[] }[] {
  return Object.entries(issues).flatMap(([name, found]) =>
    found.map(({ message }) => ({ message, path: name === '' ? [] : name.split('.') })),
  );
}
