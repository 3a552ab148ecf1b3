import { Get } from '@nestjs/common';

import { PageController, Public, Reply } from '#http';
import { Csrf } from '#security';

/** Gives scripts what pages carry in their forms: a token that unsafe requests of this visitor must send. */
@Public()
@PageController('accounts')
export class CsrfController {
  constructor(private readonly csrf: Csrf) {}

  /** Pages of other origins can ask for it but not read it. */
  @Get('csrf')
  token(): Reply {
    const { headerName } = this.csrf;
    return Reply.json({ token: this.csrf.token(), header: headerName }, { headers: { 'Cache-Control': 'no-store' } });
  }
}
