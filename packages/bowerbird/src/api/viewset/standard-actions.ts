import { RequestMethod } from '@nestjs/common';

import { type ModelAction } from '#auth';

/** The actions that every viewset can have. */
export type StandardAction = 'list' | 'create' | 'retrieve' | 'update' | 'partialUpdate' | 'destroy';

/** How an action is called, and which permission it asks for. */
export interface ActionRoute {
  readonly method: RequestMethod;
  /** Whether it is about one row, which the address names. */
  readonly detail: boolean;
  /** The end of its path; empty for the list or the row itself. */
  readonly path: string;
  readonly does: ModelAction;
  readonly status: number;
}

/** How the standard actions are called. */
export const STANDARD_ACTIONS: Readonly<Record<StandardAction, ActionRoute>> = {
  list: { method: RequestMethod.GET, detail: false, path: '', does: 'view', status: 200 },
  create: { method: RequestMethod.POST, detail: false, path: '', does: 'add', status: 201 },
  retrieve: { method: RequestMethod.GET, detail: true, path: '', does: 'view', status: 200 },
  update: { method: RequestMethod.PUT, detail: true, path: '', does: 'change', status: 200 },
  partialUpdate: { method: RequestMethod.PATCH, detail: true, path: '', does: 'change', status: 200 },
  destroy: { method: RequestMethod.DELETE, detail: true, path: '', does: 'delete', status: 204 },
};

/** The parameter of addresses that names a row. */
export const KEY = 'key';

/** The path of an action below that of its viewset. */
export function routePath({ detail, path }: Pick<ActionRoute, 'detail' | 'path'>): string {
  return [...(detail ? [`:${KEY}`] : []), ...(path ? [path] : [])].join('/');
}

/** Whether calling an action changes nothing. */
export function isSafe(method: RequestMethod): boolean {
  return method === RequestMethod.GET || method === RequestMethod.HEAD || method === RequestMethod.QUERY;
}
