import { Injectable } from '@nestjs/common';

import { Check, CheckRule, type Findings } from '#core';

import { AdminSite } from './site/admin-site.js';

/** Reports what the description of the admin found: every unknown, doubled or unfit name of every declaration. */
@Check('admin')
@Injectable()
export class AdminChecks {
  constructor(private readonly site: AdminSite) {}

  @CheckRule()
  *declarations(): Findings {
    yield* this.site.findings;
  }
}
