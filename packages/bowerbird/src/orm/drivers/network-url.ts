import { type TlsOptions } from '../orm.options.js';

/** Where a networked database listens and who logs in. */
export interface NetworkAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly database: string;
  /** What stands after `?`. */
  readonly parameters: URLSearchParams;
}

/** Reads `scheme://user:password@host:port/database?parameters`; `?host=/run/postgresql` names a socket's folder. */
export function parseNetworkUrl(text: string, port: number): NetworkAddress {
  const url = new URL(text);
  const bare = (part: string): string | undefined => (part === '' ? undefined : decodeURIComponent(part));
  return {
    host: url.searchParams.get('host') ?? (url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost'),
    port: Number(url.port) || port,
    username: bare(url.username),
    password: bare(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    parameters: url.searchParams,
  };
}

/** TLS options as Node's `tls` takes them. */
export function tlsFor(tls: TlsOptions | null): object | undefined {
  if (!tls) return undefined;
  const { verify = true, ca, certificate, key } = tls;
  return {
    rejectUnauthorized: verify,
    ...(ca && { ca }),
    ...(certificate && { cert: certificate }),
    ...(key && { key }),
  };
}
