import { ScopedRelationField, ScopedRelationsField, type AdminDescriptor, type ScopedOptions } from '#admin';
import {
  ModelSerializer,
  Serializer,
  type InputContext,
  type SerializerClass,
  type SerializerContext,
  type WrittenContext,
} from '#api';
import { fieldForRelation, type Field } from '#forms';
import { type EntityDescription, type QuerySet, type RelationDescription } from '#orm';

import { type AdminApiRules } from './admin-api-rules.js';
import { describeFields } from './admin-fields.js';

/** Makes the serializer of an entity of the admin. @param name of its documents */
export function createAdminSerializer(
  descriptor: AdminDescriptor,
  name: string,
  rules: AdminApiRules,
): SerializerClass {
  const { admin, entity } = descriptor;

  class AdminSerializer extends ModelSerializer {
    override readOnlyFor({ row, request }: InputContext): Promise<readonly string[]> {
      return rules.locked(descriptor, row, request!);
    }

    override scopeRelated(rows: QuerySet, related: EntityDescription, { request }: SerializerContext): QuerySet {
      return rules.related(related, rows, request!);
    }

    override async beforeSave(row: object, context: WrittenContext): Promise<void> {
      await admin.beforeSave(row, savingOf(context));
    }

    override async afterSave(row: object, context: WrittenContext): Promise<void> {
      await admin.afterSave(row, savingOf(context));
    }
  }

  Object.defineProperty(AdminSerializer, 'name', { value: `${name}Serializer` });
  Serializer(entity.target, { ...describeFields(descriptor), overrides: relationFields(descriptor, rules) })(
    AdminSerializer,
  );
  return AdminSerializer;
}

/** What the hooks of admin classes are told. */
function savingOf({ user, request, row, changed }: WrittenContext) {
  return { user: user!, request: request!, changed, adding: row === null };
}

function relationFields({ entity, form }: AdminDescriptor, rules: AdminApiRules): Readonly<Record<string, Field>> {
  const relations = form.editable.flatMap((path) => entity.relation(path) ?? []);
  return Object.fromEntries(relations.map((relation) => [relation.path, relationField(relation, rules)]));
}

/** Links to rows that the user must not see stay as they are. */
function relationField(relation: RelationDescription, rules: AdminApiRules): Field {
  const options = {
    ...fieldForRelation(relation)!.options,
    narrowed: true,
    limit: (rows: QuerySet) => rules.choices(relation.path, rows),
  };
  return relation.kind === 'many-to-many'
    ? new ScopedRelationsField(options as unknown as ScopedOptions<readonly object[]>)
    : new ScopedRelationField(options as unknown as ScopedOptions<object | null>);
}
