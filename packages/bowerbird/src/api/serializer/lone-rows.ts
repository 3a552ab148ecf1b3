import { validatorName } from './input-form.js';
import { ModelSerializer } from './model-serializer.js';
import { isDeep } from './nested-inputs.js';
import { type SerializerDescription } from './serializer-description.js';

/** What of a serializer takes part in writing input. */
type Writing = Pick<SerializerDescription, 'serializer' | 'members' | 'hidden'>;

/**
 * Whether the input of a serializer is written by saving one row, and nothing else: nothing is nested in it, and no method
 * and no value of the application that might ask or change the database takes part.
 */
export function writesAlone({ serializer, members, hidden }: Writing): boolean {
  const { validate } = ModelSerializer.prototype;
  if (runsBefore(serializer) || runsAfter(serializer) || serializer.validate !== validate) return false;
  if (serializer.readOnlyFor || hidden.length > 0 || members.some(isDeep)) return false;
  return !members.some(({ name }) => validatorName(name) in serializer);
}

/** Whether a serializer does something before it saves a row. */
export function runsBefore({ beforeSave }: ModelSerializer): boolean {
  return beforeSave !== ModelSerializer.prototype.beforeSave;
}

/** Whether a serializer does something after it has saved a row. */
export function runsAfter({ afterSave }: ModelSerializer): boolean {
  return afterSave !== ModelSerializer.prototype.afterSave;
}
