import helmet, { type HelmetOptions } from 'helmet';

import { type HeadersConfig, type HstsConfig } from '../security.options.js';

/** One header that is the same for every response. */
export type StaticHeader = readonly [name: string, value: string];

/** The headers that helmet sets for these settings. helmet runs once, here, and not per request. */
export function staticHeaders(config: HeadersConfig): readonly StaticHeader[] {
  return record({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: config.openerPolicy ? { policy: config.openerPolicy } : false,
    crossOriginResourcePolicy: config.resourcePolicy ? { policy: config.resourcePolicy } : false,
    referrerPolicy: config.referrerPolicy ? { policy: config.referrerPolicy } : false,
    xFrameOptions: config.frameOptions ? { action: config.frameOptions } : false,
  });
}

/** The header that tells browsers to use https alone from now on (RFC 6797); for responses over https. */
export function hstsHeader({ maxAge, includeSubdomains, preload }: HstsConfig): StaticHeader {
  const seconds = Math.floor(maxAge / 1000);
  const only = { strictTransportSecurity: { maxAge: seconds, includeSubDomains: includeSubdomains, preload } };
  return record({ contentSecurityPolicy: false, ...only }).find(([name]) => name === 'Strict-Transport-Security')!;
}

/** Runs helmet against a response that only writes down what it is told. */
function record(options: HelmetOptions): readonly StaticHeader[] {
  const headers: StaticHeader[] = [];
  const response = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  };
  helmet(options)({} as never, response as never, () => undefined);
  return headers;
}
