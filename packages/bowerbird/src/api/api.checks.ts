import { Check, CheckRule, error, type Findings } from '#core';

import { EntityLinks } from './serializer/entity-links.js';
import { Serializers } from './serializer/serializers.service.js';
import { ViewSetPaths } from './viewset/viewset-paths.js';
import { ViewSets } from './viewset/viewsets.service.js';

/** Checks of what serializers and viewsets declare. */
@Check('api')
export class ApiChecks {
  constructor(
    private readonly serializers: Serializers,
    private readonly viewsets: ViewSets,
    private readonly links: EntityLinks,
    private readonly paths: ViewSetPaths,
  ) {}

  @CheckRule()
  *declarations(): Findings {
    yield* this.serializers.findings;
    yield* this.viewsets.findings;
    yield* this.paths.findings;
  }

  @CheckRule()
  *addresses(): Findings {
    for (const { type, members } of this.serializers.all())
      for (const member of members) {
        if (member.kind !== 'reference' || member.style !== 'link' || this.links.has(member.target.target)) continue;
        yield error('api.E008', `No viewset shows ${member.target.name} by its key`, {
          at: `${type.name}.${member.name}`,
          hint: `Give ${member.target.name} a viewset without \`lookup\`, or write the reference by its key`,
        });
      }
  }
}
