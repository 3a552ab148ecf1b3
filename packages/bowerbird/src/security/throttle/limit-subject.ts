import { ACTOR, contextValue, CREDENTIAL } from '#core';
import { clientNetwork, type HttpRequest } from '#http';

import { type LimitBy } from './limit.js';

type Named = Extract<LimitBy, string>;

/** Who is counted, by what is counted; the kinds never meet. */
const SUBJECTS: Readonly<Record<Named, (request: HttpRequest) => string>> = {
  user: (request) => tagged('user', contextValue(ACTOR)?.id) ?? address(request),
  key: (request) => tagged('key', contextValue(CREDENTIAL)) ?? address(request),
  address,
};

/** Whom a request counts for, or null where it is not counted. */
export function subjectOf(by: LimitBy, request: HttpRequest): string | null {
  if (typeof by !== 'function') return SUBJECTS[by](request);
  const own = by(request);
  return own === null ? null : `own ${own}`;
}

function tagged(kind: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${kind} ${id}`;
}

function address(request: HttpRequest): string {
  return `address ${clientNetwork(request.ip ?? '')}`;
}
