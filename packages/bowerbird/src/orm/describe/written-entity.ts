import { type EntityDescription } from './entity-description.js';

/** The entity that listeners hear of when rows are written: whoever looks at them by a proxy writes those of the entity itself. */
export function writtenEntity(description: EntityDescription): EntityDescription {
  return description.proxyOf ?? description;
}
