import { Check, CheckRule, didYouMean, warning, type Findings } from '#core';
import { Descriptions } from '#orm';

import { AuditConfig } from './audit.options.js';

/** Checks of the audit settings against the entities that there are. */
@Check('audit')
export class AuditChecks {
  constructor(
    private readonly config: AuditConfig,
    private readonly descriptions: Descriptions,
  ) {}

  @CheckRule()
  *unknownFields(): Findings {
    for (const [key, paths] of this.config.fields) {
      const at = `settings.audit.fields.${key}`;
      const entity = this.descriptions.findByKey(key);
      if (!entity) yield warning('audit.W002', `No entity has the key "${key}"`, { at });
      const known = entity && [...entity.fields, ...entity.relations].map(({ path }) => path);
      for (const path of paths)
        if (known && !known.includes(path))
          yield warning('audit.W002', `${entity.name} has no field or relation "${path}"`, {
            at,
            hint: didYouMean(path, known),
          });
    }
  }

  @CheckRule()
  *unknownExclusions(): Findings {
    const known = this.descriptions.all().map(({ key }) => key);
    for (const key of this.config.exclude) {
      if (known.includes(key)) continue;
      yield warning('audit.W001', `No entity has the key "${key}"`, {
        at: 'settings.audit.exclude',
        hint: didYouMean(key, known) || 'Write the app and the entity: "shop.visit"',
      });
    }
  }
}
