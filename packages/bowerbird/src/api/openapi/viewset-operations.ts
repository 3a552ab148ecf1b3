import { RequestMethod, VersioningType, type VersioningOptions } from '@nestjs/common';

import { pathsOf } from '../versions/version-paths.js';
import { answersIn, type VersionSet } from '../versions/version-set.js';
import { type VersionsConfig } from '../versions/versions.options.js';
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
  /** What the application told Nest of versions. */
  readonly versioning: VersioningOptions | undefined;
  /** Null where the API has no versions of its own. */
  readonly versions: VersionsConfig | null;
}

/** Methods that OpenAPI 3.1 knows. */
const KNOWN: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

/** The operations of a viewset. @param version of the API; null where it has none */
export function operationsOf(
  viewset: ViewSetDescription,
  tools: OperationTools,
  rules: AddressRules,
  version: string | null,
): readonly PlacedOperation[] {
  const actions = viewset.actions.filter(({ versions }) => isShown(versions, rules, version));
  return actions
    .flatMap((action) =>
      placesOf(viewset, action, rules, version).map(({ path, several }) => {
        const operation = describeOperation(viewset, action, tools, several);
        const { neutral } = action.versions;
        const further = [...pathParameters(action), ...(neutral ? [] : versionParameters(rules, version))];
        const isDeprecated = !neutral && version !== null && rules.versions?.deprecated.has(version);
        return {
          path,
          method: RequestMethod[action.method].toLowerCase(),
          operation: {
            ...operation,
            ...(further.length > 0 && { parameters: [...further, ...(operation.parameters ?? [])] }),
            ...(isDeprecated && { deprecated: true }),
          },
        };
      }),
    )
    .filter(({ method }) => KNOWN.has(method));
}

/** What is neutral is part of every version. */
function isShown(versions: VersionSet, rules: AddressRules, version: string | null): boolean {
  return rules.versions === null || versions.neutral || answersIn(versions, version);
}

interface OperationPlace {
  readonly path: string;
  /** The version where one description has several of them. */
  readonly several: string | undefined;
}

/** Where an action is described: at one path, or once for each version that the application itself puts into paths. */
function placesOf(
  ...[viewset, action, rules, version]: [ViewSetDescription, ActionDescription, AddressRules, string | null]
): readonly OperationPlace[] {
  const { names } = action.versions;
  const own = rules.versions === null && rules.versioning?.type === VersioningType.URI ? names : [];
  if (own.length === 0)
    return [{ path: addressOf(viewset, action, rules, inNames(names, version)), several: undefined }];
  return own.map((name) => ({
    path: addressOf(viewset, action, rules, name),
    several: own.length > 1 ? name : undefined,
  }));
}

function inNames(names: readonly string[], version: string | null): string | null {
  return version !== null && names.includes(version) ? version : null;
}

/** Every path of an action below the root of the server. */
export function addressesOf(
  ...[viewset, action, rules]: [ViewSetDescription, ActionDescription, AddressRules]
): readonly string[] {
  const { versions } = action;
  if (rules.versions)
    return pathsOf({ ...viewset, versions }, rules.versions).map(([, version]) =>
      addressOf(viewset, action, rules, version),
    );
  return (versions.names.length > 0 ? versions.names : [null]).map((version) =>
    addressOf(viewset, action, rules, version),
  );
}

/** The path of an action below the root of the server, with names of parameters in braces. */
export function addressOf(
  ...[viewset, action, rules, version]: [ViewSetDescription, ActionDescription, AddressRules, string | null]
): string {
  const { versioning, globalPrefix, versions } = rules;
  const mark = versioning?.type === VersioningType.URI ? (versioning.prefix ?? 'v') : undefined;
  const parts = [
    globalPrefix,
    ...(version === null || versions || mark === undefined ? [] : [`${mark || ''}${version}`]),
    viewset.pathIn(version),
    routePath(action),
  ];
  const path = parts.flatMap((part) => part.split('/')).filter(Boolean);
  return `/${path.map((step) => (step.startsWith(':') ? `{${step.slice(1)}}` : step)).join('/')}`;
}

/** What of a request names the version, where OpenAPI can say it. */
function versionParameters({ versions }: AddressRules, version: string | null): readonly ParameterObject[] {
  if (version === null || (versions?.by !== 'header' && versions?.by !== 'query')) return [];
  const { by, name } = versions;
  const description = 'The version of the API.';
  return [
    { name, in: by, required: version !== versions.default, description, schema: { type: 'string', enum: [version] } },
  ];
}

/** Parameters in the path of an extra action. */
function pathParameters({ path }: ActionDescription): readonly ParameterObject[] {
  const names = path.split('/').filter((step) => step.startsWith(':'));
  return names.map((step) => ({ name: step.slice(1), in: 'path', required: true, schema: { type: 'string' } }));
}
