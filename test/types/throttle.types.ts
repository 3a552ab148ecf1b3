/* What must compile and what must not. Nothing here runs: the type checker is the test. */
import { rate, Throttle, tokenBucket, type Limit } from 'bowerbird/security';
import { expectTypeOf } from 'vitest';

expectTypeOf(rate('10/min')).toEqualTypeOf<Limit>();
rate('20/15m', { by: 'address', scope: 'sign-up' });
rate('5/s', { by: (request) => request.get('x-tenant') ?? null });
tokenBucket({ capacity: 20, refill: '5/s' }, { by: 'key' });
Throttle(rate('10/min'), tokenBucket({ capacity: 20, refill: '5/s' }));

// @ts-expect-error there is no such unit
rate('10/parsec');
// @ts-expect-error not a number of requests
rate('ten/min');
// @ts-expect-error there is no such subject
rate('10/min', { by: 'session' });
// @ts-expect-error a header may be missing
rate('10/min', { by: (request) => request.get('x-tenant') });
// @ts-expect-error a text is no limit
Throttle('10/min');
// @ts-expect-error a limit is needed
Throttle();
