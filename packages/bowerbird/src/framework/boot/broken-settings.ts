import { type Type } from '@nestjs/common';

import { type SettingsProblems } from '#core';

/** Stands in the container for settings that cannot be used. */
export class BrokenSettings {
  constructor(
    readonly problems: SettingsProblems,
    /** The application's own app modules, as far as they could be read. */
    readonly apps: readonly Type[],
  ) {}
}
