import { Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { cacheDrivers, type CacheDriver } from 'bowerbird/cache';
import { CREDENTIAL, requireContext } from 'bowerbird/core';
import { type FrameworkSettings } from 'bowerbird/framework';
import { HttpMiddleware, HttpMiddlewareProvider, Public, type HttpHandler } from 'bowerbird/http';
import { rate, SkipThrottle, Throttle, tokenBucket } from 'bowerbird/security';
import { createTestApp, type TestApp, type TestAppOptions } from 'bowerbird/testing';

const PROXY = '127.0.0.1';

@Public()
@Controller('limited')
export class LimitedController {
  @Throttle(rate('10/min'))
  @Get('ten')
  ten() {
    return 'ok';
  }

  @Throttle(tokenBucket({ capacity: 10, refill: '1/min' }))
  @Get('bucket')
  bucket() {
    return 'ok';
  }

  @Throttle(rate('2/min'), rate('3/h'))
  @Get('several')
  several() {
    return 'ok';
  }

  @Throttle(rate('10/min'), rate('3/h'))
  @Get('raced')
  raced() {
    return 'ok';
  }

  @Throttle(rate('2/min', { by: 'address', scope: 'sign-up' }))
  @Post('sign-up')
  signUp() {
    return 'ok';
  }

  @Throttle(rate('2/min', { by: 'address', scope: 'sign-up' }))
  @Get('sign-up')
  signUpPage() {
    return 'ok';
  }

  @Throttle(rate('1/min', { by: 'key' }))
  @Get('key')
  key() {
    return 'ok';
  }

  @Throttle(rate('1/min', { by: (request) => request.get('x-tenant') ?? null }))
  @Get('own')
  own() {
    return 'ok';
  }

  @Throttle(rate('1/min'))
  @Throttle(rate('2/h'))
  @Get('stacked')
  stacked() {
    return 'ok';
  }
}

@Public()
@Throttle(rate('1/min'))
@Controller('class')
export class ClassController {
  @Get('one')
  one() {
    return 'ok';
  }

  @Get('two')
  two() {
    return 'ok';
  }

  @Throttle(rate('3/min'))
  @Get('three')
  three() {
    return 'ok';
  }

  @SkipThrottle()
  @Get('free')
  free() {
    return 'ok';
  }
}

@Controller('plain')
export class PlainController {
  @Public()
  @Get('one')
  one() {
    return 'ok';
  }

  @Public()
  @Get('two')
  two() {
    return 'ok';
  }

  @Throttle(rate('2/min'))
  @Get('private')
  private() {
    return 'ok';
  }
}

/** Stands for whatever checks the keys of an application. */
@HttpMiddleware({ slot: 910 })
@Injectable()
class KeyMiddleware extends HttpMiddlewareProvider {
  createHandler(): HttpHandler {
    return (request, _response, next) => {
      const key = /^Key (good-\w+)$/.exec(request.get('authorization') ?? '')?.[1];
      if (key !== undefined) requireContext().set(CREDENTIAL, key);
      next();
    };
  }
}

@Module({ controllers: [LimitedController, ClassController, PlainController], providers: [KeyMiddleware] })
export class LimitedModule {}

/** An application whose routes are limited, behind a proxy that tells who the clients are. */
export function createLimitedApp(
  settings: Partial<FrameworkSettings> = {},
  options: TestAppOptions = {},
): Promise<TestApp> {
  return createTestApp({ http: { trustedProxies: [PROXY] }, ...settings }, { imports: [LimitedModule], ...options });
}

/** A driver that writes down everything that is stored. */
export function recordingDriver(record: string[]): CacheDriver {
  return {
    name: 'recording',
    create: async (parts) => {
      const store = await cacheDrivers.memory().create(parts);
      const add = store.add.bind(store);
      store.add = (entry) => {
        record.push(JSON.stringify(entry));
        return add(entry);
      };
      return store;
    },
  };
}
