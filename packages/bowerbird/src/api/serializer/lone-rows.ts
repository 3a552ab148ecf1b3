import { ModelSerializer } from './model-serializer.js';
import { isDeep } from './nested-inputs.js';
import { type SerializerDescription } from './serializer-description.js';

/** Whether the input of a serializer is written by saving one row: nothing is nested in it, and no hook runs beside it. */
export function writesAlone({ members, serializer }: SerializerDescription): boolean {
  return !runsBefore(serializer) && !runsAfter(serializer) && !members.some(isDeep);
}

/** Whether a serializer does something before it saves a row. */
export function runsBefore({ beforeSave }: ModelSerializer): boolean {
  return beforeSave !== ModelSerializer.prototype.beforeSave;
}

/** Whether a serializer does something after it has saved a row. */
export function runsAfter({ afterSave }: ModelSerializer): boolean {
  return afterSave !== ModelSerializer.prototype.afterSave;
}
