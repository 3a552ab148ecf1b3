import { type Problem } from '#core';

import { BadParametersError, ForeignCursorError, InvalidInputError, UnknownParameterError } from '../../api.errors.js';
import { isObject } from '../../serializer/input-source.js';

/** What of a request says where the mistakes in it are. */
export interface Mistaken {
  readonly body: unknown;
  /** Our name of a parameter that the request has under another. */
  readonly parameterOf: (name: string) => string;
}

type Source = Readonly<Record<'pointer' | 'parameter', string>> | { pointer: string } | { parameter: string };

/** The errors of a problem document as JSON:API has them (https://jsonapi.org/format/1.1/#error-objects). */
export function errorsDocument(problem: Problem, thrown: unknown, mistaken: Mistaken): string {
  const { status, code, title, detail, errors, instance } = problem as Problem & Record<string, unknown>;
  const base = { ...(instance !== undefined && { id: instance }), status: String(status), code, title };
  const locate = locator(thrown, mistaken);
  const named = isObject(errors) ? Object.entries(errors) : [];
  const listed = named.flatMap(([name, messages]) =>
    messages.map((message) => ({ ...base, detail: message, ...(locate && { source: locate(name) }) })),
  );
  return JSON.stringify({
    errors: listed.length > 0 ? listed : [{ ...base, ...(detail !== undefined && { detail }) }],
  });
}

function locator(thrown: unknown, { body, parameterOf }: Mistaken): ((name: string) => Source) | undefined {
  if (thrown instanceof InvalidInputError) return (name) => ({ pointer: pointerTo(name, body) });
  const ofAddress = [BadParametersError, UnknownParameterError, ForeignCursorError].some(
    (type) => thrown instanceof type,
  );
  return ofAddress ? (name) => ({ parameter: parameterOf(name) }) : undefined;
}

/** RFC 6901. Names that begin with `data` are places in the document already. */
function pointerTo(name: string, body: unknown): string {
  if (name === '') return '/data';
  const [top = '', ...rest] = name.split('.');
  if (top === 'data') return pointer(name.split('.'));
  const data = isObject(body) && isObject(body.data) ? body.data : {};
  const linked = isObject(data.relationships) && Object.hasOwn(data.relationships, top);
  return pointer(linked ? ['data', 'relationships', top, 'data', ...rest] : ['data', 'attributes', top, ...rest]);
}

function pointer(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
