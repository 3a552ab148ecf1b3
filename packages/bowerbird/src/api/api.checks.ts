import { Check, CheckRule, type Findings } from '#core';

import { Serializers } from './serializer/serializers.service.js';
import { ViewSets } from './viewset/viewsets.service.js';

/** Checks of what serializers and viewsets declare. */
@Check('api')
export class ApiChecks {
  constructor(
    private readonly serializers: Serializers,
    private readonly viewsets: ViewSets,
  ) {}

  @CheckRule()
  *declarations(): Findings {
    yield* this.serializers.findings;
    yield* this.viewsets.findings;
  }
}
