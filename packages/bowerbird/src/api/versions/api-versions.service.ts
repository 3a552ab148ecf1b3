import { Injectable, VERSION_NEUTRAL, VersioningType, type VersioningOptions } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

import { currentRequest, type HttpRequest, type Reply, type ReplyHeaders } from '#http';

import { UnknownVersionError } from '../api.errors.js';
import { ApiConfig } from '../api.options.js';
import { type ParameterReader } from '../filters/parameters.js';
import { requestVersion, type RequestVersion } from './request-version.js';
import { versionParameter } from './version-parameter.js';
import { type Versioned } from './version-paths.js';
import { answersIn } from './version-set.js';
import { type VersionsConfig } from './versions.options.js';

/** What holds outside of requests. */
const NOTHING: RequestVersion = { version: null, named: undefined };

/** Knows in which version of the API requests are answered. */
@Injectable()
export class ApiVersions {
  /** Null where the API has no versions. */
  readonly config: VersionsConfig | null;
  /** The parameter that names the version, where it is one. */
  readonly reader: ParameterReader;
  private readonly known = new WeakMap<HttpRequest, RequestVersion>();

  constructor(
    private readonly api: ApiConfig,
    private readonly application: ApplicationConfig,
  ) {
    this.config = api.versions;
    this.reader = versionParameter(api.versions);
  }

  /** The version that a request is answered in; null where it is in none. */
  of(request: HttpRequest): string | null {
    return this.read(request)?.version ?? null;
  }

  /** How Nest finds the version of a request: all of its own ways know neither a default nor a parameter. */
  routing(): VersioningOptions {
    return {
      type: VersioningType.CUSTOM,
      // Nest looks for one of these among the versions of a handler, and neutral is one of them.
      extractor: (request) => this.wanted(request as HttpRequest) as string[],
    };
  }

  /** The path of a viewset, in the version of the request at hand where it has one there. */
  pathOf({ versions, pathIn }: Versioned): string {
    if (this.config?.by !== 'path') return pathIn(null);
    const { version, named } = this.current() ?? NOTHING;
    if (version !== null && versions.names.includes(version)) return pathIn(named === undefined ? null : version);
    return pathIn(versions.neutral ? null : (versions.names.at(-1) ?? null));
  }

  /** What addresses end with, so that they stay in the version of the request at hand. */
  ending(): string {
    if (this.config?.by !== 'query') return '';
    const { version, named } = this.current() ?? NOTHING;
    return version === null || named === undefined ? '' : `?${this.config.name}=${encodeURIComponent(version)}`;
  }

  /** Whether something answers in the version of the request at hand. */
  isCurrent({ versions }: Versioned): boolean {
    const current = this.current();
    return current !== undefined && answersIn(versions, current.version);
  }

  /** The headers of an answer that speak of its version, with those that it has already. */
  headers(request: HttpRequest, { headers }: Pick<Reply, 'headers'>): ReplyHeaders {
    if (!this.config) return {};
    const { by, name, deprecated } = this.config;
    const version = this.of(request);
    const old = version === null ? undefined : deprecated.get(version);
    const links = [headers['Link'] ?? [], old?.links ?? []].flat().join(', ');
    const type = headers['Content-Type'];
    return {
      ...old?.headers,
      ...(links !== '' && { Link: links }),
      ...(by === 'header' && { Vary: [headers['Vary'] ?? [], name].flat().join(', ') }),
      ...(by === 'mediaType' &&
        type?.startsWith('application/json') &&
        version !== null && { 'Content-Type': `${type}; ${name}=${version}` }),
    };
  }

  /** The error for a request whose version is not known, or is missing; undefined where there is nothing to complain of. */
  problem(request: HttpRequest): UnknownVersionError | undefined {
    const read = this.read(request);
    return !read || read.version !== null ? undefined : new UnknownVersionError(read.named, this.config!);
  }

  private wanted(request: HttpRequest): readonly unknown[] {
    const { version, named } = this.read(request)!;
    return [...(named === undefined ? [VERSION_NEUTRAL] : []), ...(version === null ? [] : [version])];
  }

  private current(): RequestVersion | undefined {
    const request = this.config ? currentRequest() : undefined;
    return request && this.read(request);
  }

  private read(request: HttpRequest): RequestVersion | undefined {
    if (!this.config) return undefined;
    const known = this.known.get(request);
    if (known) return known;
    const before = `${this.application.getGlobalPrefix()}/${this.api.prefix}`.split('/').filter(Boolean);
    const read = requestVersion(request, this.config, before.length);
    this.known.set(request, read);
    return read;
  }
}
