import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { Check, CheckRule } from '../checks/check.decorator.js';
import { error, type Findings } from '../checks/finding.js';
import { receiversOf } from './signal-hub.js';

/** What can be wrong with the receivers of signals. */
@Check('core')
@Injectable()
export class SignalChecks {
  constructor(private readonly discovery: DiscoveryService) {}

  @CheckRule()
  *receivers(): Findings {
    for (const { name, single, notes } of receiversOf(this.discovery))
      if (!single)
        yield error(
          'core.E006',
          `${name} receives the signal ${notes[0]!.signal.name} but is made anew for each request`,
          {
            at: `${name}.${notes[0]!.method}`,
            hint: 'Receive it in a provider of the default scope; it finds the request by currentRequest()',
          },
        );
  }
}
