import { type Duration } from '#core';

/** Limits of request bodies. Sizes are in bytes. */
export interface LimitOptions {
  /** Largest JSON or urlencoded body, and largest body of any other type; 1 MiB by default. */
  readonly bodyBytes?: number;
  /** Largest multipart body; 32 MiB by default. */
  readonly multipartBytes?: number;
  /** Largest file of a multipart body; 25 MiB by default. */
  readonly fileBytes?: number;
  /** Most files of a multipart body; 20 by default. */
  readonly files?: number;
  /** Most fields of a form; 1,000 by default. */
  readonly fields?: number;
  /** Largest field of a form; 1 MiB by default. */
  readonly fieldBytes?: number;
  /** Deepest nesting of JSON; 64 by default. */
  readonly jsonDepth?: number;
  /** Where uploads wait; the system's temporary directory by default. */
  readonly temporaryDirectory?: string | URL;
}

/** Static files. */
export interface StaticOptions {
  /** Path under which static files are served; `/static/` by default. Starts and ends with a slash. */
  readonly prefix?: string;
  /** The project's own directories, searched before the areas' ones; relative to the entry file. */
  readonly directories?: readonly (string | URL)[];
  /** Put a hash of the content into the names, so that clients may keep files forever; in production by default. */
  readonly hashed?: boolean;
}

/** How the process stops. */
export interface ShutdownOptions {
  /** How long running requests may take to finish before they are cut off; `20s` by default. */
  readonly deadline?: Duration;
  /** How long readiness says no before new connections are refused, for load balancers; `0s` by default. */
  readonly delay?: Duration;
}

/** Settings of the request pipeline. */
export interface HttpOptions {
  /** Address to listen on; `127.0.0.1` by default. */
  readonly host?: string;
  /** Port to listen on, 0 for any free one; 8000 by default. */
  readonly port?: number;
  /** Addresses and CIDR ranges of proxies whose forwarding headers are believed; none by default. */
  readonly trustedProxies?: readonly string[];
  /**
   * Which headers the proxies set: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239). The proxies must
   * replace what clients send under these names. `x-forwarded` by default.
   */
  readonly proxyHeaders?: 'x-forwarded' | 'forwarded';
  /**
   * Hosts that the application answers for: `example.com`, `.example.com` with subdomains, `*`. Outside of production
   * those of the own machine are answered as well.
   */
  readonly allowedHosts?: readonly string[];
  /**
   * `all`: the pipeline serves every route. `own`: it serves the framework's own routes only, and leaves the routes of
   * an adopting application alone. `all` by default.
   */
  readonly pipeline?: 'all' | 'own';
  readonly limits?: LimitOptions;
  readonly static?: StaticOptions;
  readonly shutdown?: ShutdownOptions;
  /** Serve `/health/live` and `/health/ready`; true by default. */
  readonly health?: boolean;
}

/** The limits in force. Sizes are in bytes. */
export interface Limits {
  readonly bodyBytes: number;
  readonly multipartBytes: number;
  readonly fileBytes: number;
  readonly files: number;
  readonly fields: number;
  readonly fieldBytes: number;
  readonly jsonDepth: number;
  /** Absolute path. */
  readonly temporaryDirectory: string;
}

const LOCAL_HOSTS: readonly string[] = ['localhost', '.localhost', '127.0.0.1', '[::1]'];

/** What {@link HttpConfig} is made of. Durations are in milliseconds. */
export interface HttpConfigValues {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  readonly proxyHeaders: 'x-forwarded' | 'forwarded';
  /** As declared, lower case; `servedHosts` of the config adds those of the own machine. */
  readonly allowedHosts: readonly string[];
  readonly pipeline: 'all' | 'own';
  readonly limits: Limits;
  readonly static: {
    readonly prefix: string;
    readonly directories: readonly URL[];
    readonly hashed: boolean;
  };
  readonly shutdown: { readonly deadline: number; readonly delay: number };
  readonly health: boolean;
}

/** The resolved settings of the request pipeline. */
export class HttpConfig {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  readonly proxyHeaders: 'x-forwarded' | 'forwarded';
  readonly allowedHosts: readonly string[];
  readonly pipeline: 'all' | 'own';
  readonly limits: Limits;
  readonly static: HttpConfigValues['static'];
  readonly shutdown: HttpConfigValues['shutdown'];
  readonly health: boolean;
  private readonly claimed = new Set<string>();

  constructor(values: HttpConfigValues) {
    this.production = values.production;
    this.host = values.host;
    this.port = values.port;
    this.trustedProxies = values.trustedProxies;
    this.proxyHeaders = values.proxyHeaders;
    this.allowedHosts = values.allowedHosts;
    this.pipeline = values.pipeline;
    this.limits = values.limits;
    this.static = values.static;
    this.shutdown = values.shutdown;
    this.health = values.health;
    this.claim(values.static.prefix);
  }

  /** The hosts that are answered for: the declared ones, outside of production those of the own machine as well. */
  get servedHosts(): readonly string[] {
    return this.production ? this.allowedHosts : [...this.allowedHosts, ...LOCAL_HOSTS];
  }

  /**
   * Makes a path prefix one of the framework's own, up to its first parameter; `HttpModule` does it for every page
   * controller at boot.
   */
  claim(prefix: string): void {
    const fixed = prefix.split('/').filter((part) => part !== '');
    const variable = fixed.findIndex((part) => /[:*{]/.test(part));
    this.claimed.add(`/${fixed.slice(0, variable < 0 ? undefined : variable).join('/')}`.toLowerCase());
  }

  /** The path prefixes that belong to the framework. */
  get ownPrefixes(): readonly string[] {
    return [...this.claimed];
  }

  /** Whether the pipeline (and every global guard of the framework) serves this path, given without its query. */
  serves(path: string): boolean {
    return this.pipeline === 'all' || this.owns(path);
  }

  /** Whether the path lies below one of the framework's own prefixes. Express matches paths without regard to case. */
  owns(path: string): boolean {
    const wanted = path.toLowerCase();
    for (const prefix of this.claimed) {
      if (!wanted.startsWith(prefix)) continue;
      const next = wanted.charCodeAt(prefix.length);
      if (Number.isNaN(next) || next === SLASH) return prefix !== '/' || wanted === '/';
    }
    return false;
  }
}

const SLASH = 47;
