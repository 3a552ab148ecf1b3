import { Controller, Get } from '@nestjs/common';
import { Public } from 'bowerbird';

/** The first address: where everything else is. */
@Public()
@Controller()
export class RootController {
  @Get()
  show(): Readonly<Record<string, string>> {
    return {
      docs: '/api/docs',
      tasks: '/api/tasks',
      login: '/accounts/login/',
      csrf: '/accounts/csrf/',
      admin: '/admin/',
    };
  }
}
