import { Injectable, RequestMethod } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

import { PathMethods } from '#http';

import { addressOf } from '../openapi/viewset-operations.js';
import { hasQuery } from './query-method.js';
import { type ActionDescription } from './viewset-description.js';
import { ViewSets } from './viewsets.service.js';

/** The paths of one method, as patterns of their parts. */
interface MethodPath {
  readonly method: string;
  readonly steps: readonly string[];
}

const ORDER = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The methods of the paths of viewsets. */
@Injectable()
export class ViewSetMethods extends PathMethods {
  private paths: readonly MethodPath[] | undefined;

  constructor(
    private readonly viewsets: ViewSets,
    private readonly application: ApplicationConfig,
  ) {
    super();
  }

  methodsOf(path: string): readonly string[] {
    this.paths ??= this.collect();
    const steps = stepsOf(path);
    const found = new Set(this.paths.filter((known) => matches(known, steps)).map(({ method }) => method));
    if (found.has('GET')) found.add('HEAD');
    return ORDER.filter((method) => found.has(method));
  }

  private collect(): readonly MethodPath[] {
    const rules = {
      globalPrefix: this.application.getGlobalPrefix(),
      versioning: this.application.getVersioning(),
    };
    return this.viewsets.all().flatMap((viewset) =>
      viewset.actions.flatMap((action) =>
        (viewset.versions.length > 0 ? viewset.versions : [undefined]).flatMap((version) => {
          const steps = stepsOf(addressOf(viewset, action, rules, version));
          return methodsOf(action).map((method) => ({ method, steps }));
        }),
      ),
    );
  }
}

function methodsOf({ method, standard }: ActionDescription): readonly string[] {
  return [RequestMethod[method], ...(standard === 'list' && hasQuery() ? ['QUERY'] : [])];
}

function stepsOf(path: string): readonly string[] {
  return path.split('/').filter(Boolean);
}

function matches({ steps }: MethodPath, given: readonly string[]): boolean {
  return steps.length === given.length && steps.every((step, index) => step.startsWith('{') || step === given[index]);
}
