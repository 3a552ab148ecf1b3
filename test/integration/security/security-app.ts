import { Controller, Delete, Get, Module, Param, Patch, Post, Put, Req, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import {
  currentResponse,
  HttpModule,
  PageController,
  Public,
  Reply,
  resolveHttp,
  type HttpOptions,
} from 'bowerbird/http';
import {
  AllowFrames,
  Csp,
  cspNonce,
  CspReportOnly,
  Csrf,
  CsrfExempt,
  resolveSecurity,
  SecurityModule,
  type CsrfRequest,
  type SecurityOptions,
} from 'bowerbird/security';
import { currentSession, resolveSessions, sessionDrivers, SessionsModule } from 'bowerbird/sessions';

import { TestClient } from '../../../packages/bowerbird/src/testing/client/test-client.js';
import { FakeClock } from '../../../packages/bowerbird/src/testing/fake-clock.js';
import { counting } from '../sessions/session-app.js';

@Controller()
class Forms {
  constructor(private readonly csrf: Csrf) {}

  @Get('form')
  form() {
    return { token: this.csrf.token(), another: this.csrf.token() };
  }

  @Get('csurf')
  csurf(@Req() request: CsrfRequest) {
    return { token: request.csrfToken() };
  }

  @Post('form')
  submit() {
    return 'posted';
  }

  @Put('form')
  put() {
    return 'put';
  }

  @Patch('form')
  patch() {
    return 'patched';
  }

  @Delete('form')
  remove() {
    return 'deleted';
  }

  @Get('login')
  async login() {
    await currentSession()!.cycle();
    currentSession()!.set('user', '7');
    this.csrf.rotate();
    return { token: this.csrf.token() };
  }

  @Get('logout')
  async logout() {
    await currentSession()!.destroy();
    return { token: this.csrf.token() };
  }

  @Post('hooks/settings')
  settings() {
    return 'settings';
  }

  @Post('hooks/:name')
  @CsrfExempt()
  hook(@Param('name') name: string) {
    return `hook ${name}`;
  }

  @Get('exempt-form')
  @CsrfExempt()
  exemptForm() {
    return { token: this.csrf.token() };
  }
}

@Controller('api')
@CsrfExempt()
class Api {
  @Post('items/:id')
  create() {
    return 'created';
  }
}

@Controller()
class Pages {
  @Get('plain')
  plain() {
    return 'plain';
  }

  @Get('nonce')
  nonce() {
    return { first: cspNonce(), second: cspNonce() };
  }

  @Get('own-headers')
  own() {
    currentResponse()!.setHeader('Content-Security-Policy', "default-src 'none'");
    currentResponse()!.setHeader('X-Frame-Options', 'SAMEORIGIN');
    return { nonce: cspNonce() };
  }

  @Get('wider')
  @Csp({ 'img-src': ['https://images.test'], 'form-action': false })
  wider() {
    return { nonce: cspNonce() };
  }

  @Get('off')
  @Csp(false)
  off() {
    return 'off';
  }

  @Get('reported')
  @CspReportOnly({ 'default-src': ["'none'"] })
  reported() {
    return 'reported';
  }

  @Get('framed')
  @AllowFrames('sameorigin')
  framed() {
    return 'framed';
  }

  @Get('framed-by-all')
  @AllowFrames(false)
  framedByAll() {
    return 'framed';
  }

  @Get('boom')
  boom() {
    throw new Error('on purpose');
  }
}

@PageController('pages')
@Public()
class OwnPages {
  @Get()
  index() {
    return Reply.html('<p>own</p>');
  }

  @Post()
  submit() {
    return Reply.html('<p>posted</p>');
  }
}

export interface SecurityApp {
  readonly nest: INestApplication;
  readonly calls: string[];
  client(): TestClient;
  close(): Promise<void>;
}

export interface SecurityAppOptions {
  readonly security?: SecurityOptions;
  readonly http?: HttpOptions;
  readonly production?: boolean;
  readonly exemptions?: boolean;
}

/** Boots a small application with sessions, headers and CSRF protection. */
export async function bootSecurity(options: SecurityAppOptions = {}): Promise<SecurityApp> {
  const driver = counting(sessionDrivers.memory());
  const problems = new SettingsProblems();
  const base = { production: options.production ?? false, root: new URL('.', import.meta.url) };

  @Module({
    imports: [
      CoreModule.forRoot(new SecretKeys('k'.repeat(50)), new FakeClock()),
      HttpModule.forRoot(resolveHttp({ allowedHosts: ['*'], ...options.http }, problems, base)),
      SessionsModule.forRoot(resolveSessions({ driver }, problems, base)),
      SecurityModule.forRoot(resolveSecurity(options.security, problems, base)),
    ],
    controllers: [...(options.exemptions === false ? [] : [Forms, Api]), Pages, OwnPages],
  })
  class TestModule {}

  if (problems.all.length > 0) throw new Error(JSON.stringify(problems.all));
  const nest = await NestFactory.create(TestModule, { logger: false, bodyParser: false, abortOnError: false });
  nest.use('/raw/hooks/any', (_request: unknown, response: { end(text: string): void }) => response.end('raw'));
  nest.use('/raw/any', (_request: unknown, response: { end(text: string): void }) => response.end('raw'));
  await nest.listen(0, '127.0.0.1');
  const origin = await nest.getUrl();
  return { nest, calls: driver.calls, client: () => new TestClient(origin), close: () => nest.close() };
}
