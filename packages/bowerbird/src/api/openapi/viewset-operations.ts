import { RequestMethod, VersioningType, type VersioningOptions } from '@nestjs/common';

import { routePath } from '../viewset/standard-actions.js';
import { type ActionDescription, type ViewSetDescription } from '../viewset/viewset-description.js';
import { describeOperation, type OperationTools } from './describe-operation.js';
import { type OperationObject, type ParameterObject } from './openapi-document.js';

/** One operation and where it is. */
export interface PlacedOperation {
  readonly path: string;
  /** In small letters. */
  readonly method: string;
  readonly operation: OperationObject;
}

/** How addresses are made. */
export interface AddressRules {
  /** The prefix of all routes, without slashes around it; empty for none. */
  readonly globalPrefix: string;
  readonly versioning: VersioningOptions | undefined;
}

/** Methods that OpenAPI 3.1 knows. */
const KNOWN: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

/** The operations of a viewset, once for each of its versions. */
export function operationsOf(
  viewset: ViewSetDescription,
  tools: OperationTools,
  rules: AddressRules,
): readonly PlacedOperation[] {
  const byAddress = rules.versioning?.type === VersioningType.URI && viewset.versions.length > 0;
  const versions = byAddress ? viewset.versions : [undefined];
  return versions
    .flatMap((version) =>
      viewset.actions.map((action) => {
        const name = versions.length > 1 ? version : undefined;
        const path = addressOf(viewset, action, rules, version);
        const operation = describeOperation(viewset, action, tools, name);
        const further = pathParameters(action);
        return {
          path,
          method: RequestMethod[action.method].toLowerCase(),
          operation:
            further.length > 0
              ? { ...operation, parameters: [...further, ...(operation.parameters ?? [])] }
              : operation,
        };
      }),
    )
    .filter(({ method }) => KNOWN.has(method));
}

/** The path of an action below the root of the server, with names of parameters in braces. */
export function addressOf(
  ...[viewset, action, rules, version]: [ViewSetDescription, ActionDescription, AddressRules, string | undefined]
): string {
  const { versioning, globalPrefix } = rules;
  const mark = versioning?.type === VersioningType.URI ? (versioning.prefix ?? 'v') : '';
  const parts = [
    globalPrefix,
    ...(version === undefined ? [] : [`${mark === false ? '' : mark}${version}`]),
    viewset.path,
    routePath(action),
  ];
  const path = parts.flatMap((part) => part.split('/')).filter(Boolean);
  return `/${path.map((step) => (step.startsWith(':') ? `{${step.slice(1)}}` : step)).join('/')}`;
}

/** Parameters in the path of an extra action. */
function pathParameters({ path }: ActionDescription): readonly ParameterObject[] {
  const names = path.split('/').filter((step) => step.startsWith(':'));
  return names.map((step) => ({ name: step.slice(1), in: 'path', required: true, schema: { type: 'string' } }));
}
