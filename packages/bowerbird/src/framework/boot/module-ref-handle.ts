import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { type ApplicationHandle } from '#core';

/** The running application, as ambient code sees it: a way to its providers. */
@Injectable()
export class ModuleRefHandle implements ApplicationHandle {
  constructor(private readonly modules: ModuleRef) {}

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.modules.get(token as never, { strict: false });
  }
}
