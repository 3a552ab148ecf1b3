import { type Class } from '#core';

import { ModelSerializer } from '../serializer/model-serializer.js';
import { Serializer, type SerializerClass } from '../serializer/serializer.decorator.js';
import { ACTION } from './action.decorator.js';
import { methodNames } from './method-names.js';
import { type ViewSetNote } from './viewset-note.js';

/** The serializers that a viewset and its actions name. */
export function serializersOf(type: Class, { options }: ViewSetNote): readonly SerializerClass[] {
  const actions = methodNames(type.prototype as object).map((name) => ACTION.read(type, name));
  const named = actions.flatMap((action) => [action?.serializer, action?.input]);
  return [options.serializer, ...Object.values(options.serializers ?? {}), ...named].filter((one) => one !== undefined);
}

/** A serializer for a viewset that lists its fields itself. */
export function standIn({ entity, options }: ViewSetNote): SerializerClass {
  class FieldsSerializer extends ModelSerializer {}
  Object.defineProperty(FieldsSerializer, 'name', { value: `${entity.name}Serializer` });
  Serializer(entity, { fields: options.fields! })(FieldsSerializer);
  return FieldsSerializer;
}
