import { Injectable, RequestMethod } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

import { PathMethods, type HttpRequest } from '#http';

import { addressesOf } from '../openapi/viewset-operations.js';
import { ApiVersions } from '../versions/api-versions.service.js';
import { answersIn, type VersionSet } from '../versions/version-set.js';
import { HAS_QUERY } from './query-method.js';
import { type ActionDescription } from './viewset-description.js';
import { ViewSets } from './viewsets.service.js';

/** The paths of one method, as patterns of their parts. */
interface MethodPath {
  readonly method: string;
  readonly steps: readonly string[];
  readonly versions: VersionSet;
}

const ORDER = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The methods of the paths of viewsets. */
@Injectable()
export class ViewSetMethods extends PathMethods {
  private paths: readonly MethodPath[] | undefined;

  constructor(
    private readonly viewsets: ViewSets,
    private readonly application: ApplicationConfig,
    private readonly versions: ApiVersions,
  ) {
    super();
  }

  /** @throws UnknownVersionError for a path whose methods belong to versions, and a request that names none of them */
  methodsOf(request: HttpRequest): readonly string[] {
    this.paths ??= this.collect();
    const steps = stepsOf(request.path);
    const there = this.paths.filter((known) => matches(known, steps));
    const found = new Set(this.inVersion(there, request).map(({ method }) => method));
    if (found.has('GET')) found.add('HEAD');
    return ORDER.filter((method) => found.has(method));
  }

  /** Paths with versions in them have one already. */
  private inVersion(paths: readonly MethodPath[], request: HttpRequest): readonly MethodPath[] {
    const by = this.versions.config?.by ?? 'path';
    if (by === 'path' || paths.length === 0) return paths;
    const version = this.versions.of(request);
    const answering = paths.filter(({ versions }) => versions.neutral || answersIn(versions, version));
    const problem = answering.length === 0 ? this.versions.problem(request) : undefined;
    if (problem) throw problem;
    return answering;
  }

  private collect(): readonly MethodPath[] {
    const rules = {
      globalPrefix: this.application.getGlobalPrefix(),
      versioning: this.application.getVersioning(),
      versions: this.versions.config,
    };
    return this.viewsets.all().flatMap((viewset) =>
      viewset.actions.flatMap((action) =>
        addressesOf(viewset, action, rules).flatMap((address) => {
          const steps = stepsOf(address);
          return methodsOf(action).map((method) => ({ method, steps, versions: action.versions }));
        }),
      ),
    );
  }
}

function methodsOf({ method, standard }: ActionDescription): readonly string[] {
  return [RequestMethod[method], ...(standard === 'list' && HAS_QUERY ? ['QUERY'] : [])];
}

function stepsOf(path: string): readonly string[] {
  return path.split('/').filter(Boolean);
}

function matches({ steps }: MethodPath, given: readonly string[]): boolean {
  return steps.length === given.length && steps.every((step, index) => step.startsWith('{') || step === given[index]);
}
