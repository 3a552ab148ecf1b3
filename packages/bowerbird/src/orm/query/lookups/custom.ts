import { QueryUsageError } from '../query.errors.js';
import { type LookupDefinition, type TransformDefinition } from './lookup-source.js';
import { type Lookup } from './lookup.js';
import { type Transform } from './transform.js';

const NAME = /^[A-Za-z]\w*$/;

/** The lookups and transforms that an application adds to those of the framework. */
export class CustomLookupSet {
  readonly lookups: Lookup[] = [];
  readonly transforms: Transform[] = [];

  /** Adds one. @throws QueryUsageError for a name that keys cannot have */
  add(definition: LookupDefinition | TransformDefinition): void {
    if (!NAME.test(definition.name) || definition.name.includes('__'))
      throw new QueryUsageError(`${JSON.stringify(definition.name)} cannot name a lookup`, {
        hint: 'Use letters, digits and single underscores',
      });
    const kinds = new Set(definition.kinds);
    if (definition.result === undefined) this.lookups.push({ ...definition, kinds });
    else this.transforms.push({ ...definition, kinds });
  }
}
