import { type SerializerDescription } from '../serializer/serializer-description.js';
import { SelectionSet } from './selection-set.js';

/** The parameters that say what of a serializer is shown. */
export function describeSelection(serializer: SerializerDescription): SelectionSet {
  return new SelectionSet(serializer);
}
