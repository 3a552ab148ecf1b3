import { Injectable } from '@nestjs/common';

import { ErrorPages, type ErrorPageModel } from '#http';
import { TemplateRenderer } from '#templates';

/**
 * Error pages from the project's templates: `errors/<status>` where there is one, else `errors/error`, else the
 * built-in page.
 */
@Injectable()
export class TemplateErrorPages extends ErrorPages {
  constructor(private readonly renderer: TemplateRenderer) {
    super();
  }

  async render(error: ErrorPageModel): Promise<string | null> {
    const name = [`errors/${error.status}`, 'errors/error'].find((candidate) => this.renderer.has(candidate));
    return name === undefined ? null : this.renderer.render(name, { error });
  }
}
