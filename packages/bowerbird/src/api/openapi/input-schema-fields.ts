import { type Field } from '#forms';
import { type EntityDescription } from '#orm';

import { type InputContext } from '../serializer/serializer-context.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';

/** The fields that read the input of a serializer, by path: for a new row, or for one that is there. */
export function inputFieldsOf(description: SerializerDescription, isNew: boolean): ReadonlyMap<string, Field> {
  const instance = Object.create(description.entity.target.prototype as object) as object;
  if (!isNew) giveKey(instance, description.entity);
  const form = new description.form({ instance, context: noInput(), nested: {}, json: {} });
  return form.fields;
}

/** Forms tell rows that are there by their keys. */
function giveKey(row: object, { primaryKey }: EntityDescription): void {
  for (const path of primaryKey) {
    const steps = path.split('.');
    const last = steps.pop()!;
    let holder = row as Record<string, unknown>;
    for (const step of steps) holder = (holder[step] ??= {}) as Record<string, unknown>;
    holder[last] = '1';
  }
}

function noInput(): InputContext {
  return { user: null, row: null, partial: false, addError: () => undefined };
}
