import { Injectable } from '@nestjs/common';

import { Permissions, type AbstractUser, type ModelAction } from '#auth';
import { type Class } from '#core';
import { keyFilter, parseKey } from '#forms';
import { NotFoundError, type HttpRequest } from '#http';
import { Databases, FieldError, type QuerySet } from '#orm';

import { ForbiddenActionError } from '../api.errors.js';
import { type ActionCall, type AnswerCall } from './actions/action-call.js';
import { type ModelViewSet } from './model-viewset.js';
import { KEY } from './standard-actions.js';
import { type ViewSetDescription } from './viewset-description.js';

/** A viewset that has a say in which rows there are and what may be done with them. */
type Scoping = Pick<ModelViewSet, 'scope' | 'permits'>;

/** Which rows exist for a request, and which of them may be touched. */
@Injectable()
export class ViewSetRows {
  constructor(
    private readonly databases: Databases,
    private readonly permissions: Permissions,
  ) {}

  /** The rows that exist for a request. */
  all(viewset: object, { entity }: ViewSetDescription, request: HttpRequest, user: AbstractUser | null): QuerySet {
    const rows = this.databases.objects(entity.target);
    const visible = this.visible(entity.target, rows, user);
    return ((viewset as Scoping).scope?.(request, visible.untyped()) ?? visible).untyped();
  }

  /** Those of a call. */
  of({ viewset, description, request, user }: ActionCall): QuerySet {
    return this.all(viewset, description, request, user);
  }

  /** The rows of any entity that a user may see. Where policies decide that, visitors see none. */
  visible<E extends object>(entity: Class<E>, rows: QuerySet<E>, user: AbstractUser | null): QuerySet<E> {
    if (user) return this.permissions.scope(user, entity, rows);
    return this.permissions.isScoped(entity) ? rows.none() : rows;
  }

  /** The query for the row that the address names. @throws NotFoundError for what cannot be a key */
  named(rows: QuerySet, { entity, lookup }: ViewSetDescription, request: HttpRequest): QuerySet {
    const text = String(request.params[KEY]);
    if (lookup !== null) return rows.filter({ [lookup]: text } as never);
    const key = parseKey(entity, text);
    if (key === undefined) throw notFound(entity.label);
    return rows.filter(keyFilter(entity, [key]) as never);
  }

  /** The only row of such a query, which may be read and done that with. @throws NotFoundError, ForbiddenActionError */
  async one(rows: QuerySet, call: ActionCall): Promise<object> {
    const row = await found(rows);
    if (!row) throw notFound(call.description.entity.label);
    if (this.looksAtRows(call)) await this.permit(call, row);
    return row;
  }

  /** Whether anything looks at single rows; otherwise the guard of the action has said what there is to say. */
  private looksAtRows({ viewset, action, description: { entity } }: ActionCall): boolean {
    if ((viewset as Scoping).permits) return true;
    return action.access === 'model' && this.permissions.isDecidedByPolicy(entity.target, action.does);
  }

  /** Whether an action may be done with a row; who may not even see it learns nothing of it. */
  private async permit(call: ActionCall, row: object): Promise<void> {
    const { action, description } = call;
    if (await this.may(action.does, row, call)) return;
    if (action.does === 'view' || !(await this.may('view', row, call))) throw notFound(description.entity.label);
    throw new ForbiddenActionError(action.name);
  }

  private async may(does: ModelAction, row: object, call: ActionCall): Promise<boolean> {
    const { viewset, description, action, user, request } = call;
    if (action.access === 'model' && !(await this.permissions.may(user, does, description.entity.target, row)))
      return false;
    return (await (viewset as Scoping).permits?.(does, row, request)) ?? true;
  }

  /** The query for a row that was found. */
  only(row: object, { description: { entity } }: ActionCall): QuerySet {
    return this.databases
      .objects(entity.target)
      .filter(keyFilter(entity, [entity.keyOf(row)]) as never)
      .untyped();
  }

  /** Whether not all rows exist for everybody who may call an action. */
  isNarrowed({ viewset, description: { entity } }: ActionCall): boolean {
    return (viewset as Scoping).scope !== undefined || this.permissions.isScoped(entity.target);
  }

  /** Whether nested rows may be written; everybody who may call an action with a rule of its own may. */
  nestedPermit({ action, user }: ActionCall): (does: ModelAction, entity: Class, row?: object) => Promise<void> {
    return async (does, entity, row) => {
      if (action.access !== 'model' || (await this.permissions.may(user, does, entity, row))) return;
      throw new ForbiddenActionError(action.name);
    };
  }

  /** Whether the viewset or policies look at single rows, so that all of their columns have to be loaded. */
  asksPolicies({ description: { entity, type }, action }: AnswerCall): boolean {
    if ((type.prototype as Scoping).permits) return true;
    const actions: readonly ModelAction[] = ['view', action.does];
    return action.access === 'model' && actions.some((does) => this.permissions.isDecidedByPolicy(entity.target, does));
  }
}

function notFound(label: string): NotFoundError {
  return new NotFoundError(`There is no ${label} here`);
}

/** A key that does not fit its column names no row. */
async function found(rows: QuerySet): Promise<object | null> {
  try {
    return await rows.first();
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}
