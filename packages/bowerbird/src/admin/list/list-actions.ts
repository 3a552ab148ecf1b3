import { Injectable } from '@nestjs/common';

import { PermissionDeniedError, permissionFor } from '#auth';
import { formValues, Reply, type FormValues, type HttpRequest } from '#http';
import { Databases, ForeignKeyError, type QuerySet } from '#orm';
import { addMessage } from '#sessions';

import { ListAddressError, UnknownActionError } from '../admin.errors.js';
import { MAX_PER_PAGE } from '../admin.options.js';
import { DeleteSelected } from '../remove/delete-selected.js';
import { AdminAccess, type Allowed } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type ActionDescriptor, type AdminDescriptor } from '../site/admin-descriptor.js';
import { DELETE_ACTION } from '../site/describe-actions.js';
import { heading, noun } from '../site/labels.js';
import { parseKeySegment } from '../site/row-key.js';
import { ActionConfirmation } from './action-confirmation.js';
import { answeringAddress } from './apply-filters.js';
import { ListQuery } from './list-query.js';
import { listUrlOf, parseListState } from './list-state.js';
import { offeredParts } from './offered-parts.js';
import { SelectedRows } from './selected-rows.js';

/** As many as a page can have; more rows are selected by what they match. */
const MAX_SELECTED = MAX_PER_PAGE;

/** An action as a button. */
export interface OfferedAction {
  readonly name: string;
  readonly label: string;
  readonly danger: boolean;
}

/** What was posted: rows by their keys, or everything that the list shows on all of its pages. */
export interface ActionRequest {
  readonly action: ActionDescriptor;
  readonly rows: QuerySet;
  readonly count: number;
  /** Segments of the selected keys; empty when everything is selected. */
  readonly segments: readonly string[];
  readonly across: boolean;
  /** Where the list continues afterwards. */
  readonly backUrl: string;
}

/** Offers the actions of a list and runs what was posted. */
@Injectable()
export class ListActions {
  constructor(
    private readonly access: AdminAccess,
    private readonly query: ListQuery,
    private readonly selected: SelectedRows,
    private readonly confirmation: ActionConfirmation,
    private readonly deletion: DeleteSelected,
    private readonly databases: Databases,
  ) {}

  /** The actions for which the user has the permission on the entity as a whole. */
  offered(descriptor: AdminDescriptor, context: AdminContext, allowed: Allowed): readonly OfferedAction[] {
    const names = descriptor.admin.actions(
      descriptor.actions.map(({ name }) => name),
      context,
    );
    return descriptor.actions.filter(({ name, permission }) => names.includes(name) && allowed[permission]);
  }

  /** Runs a posted action, or asks first where the action wants it. @throws UnknownActionError, PermissionDeniedError */
  async post(descriptor: AdminDescriptor, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    await this.access.demand(descriptor, 'view', context);
    const values = formValues(request);
    const action = await this.choose(descriptor, context, values.get('action') ?? '');
    const posted = await this.read(descriptor, context, action, values);
    if (posted.count === 0) return this.answer('warning', 'Select rows first; nothing was done.', posted.backUrl);
    const confirmed = values.get('confirmed') === '1';
    if (action.name === DELETE_ACTION) return this.deletion.answer(descriptor, context, posted, confirmed);
    if (action.confirm !== null && !confirmed) return this.confirmation.ask(descriptor, context, posted);
    return this.run(descriptor, context, posted);
  }

  private async choose(descriptor: AdminDescriptor, context: AdminContext, name: string): Promise<ActionDescriptor> {
    const action = descriptor.actions.find((candidate) => candidate.name === name);
    if (!action) throw new UnknownActionError(`There is no action "${name.slice(0, 80)}"`);
    const offered = this.offered(descriptor, context, await this.access.allowed(descriptor, context));
    if (offered.some((candidate) => candidate.name === name)) return action;
    throw new PermissionDeniedError(`"${permissionFor(action.permission, descriptor.entity)}"`);
  }

  private async read(
    descriptor: AdminDescriptor,
    context: AdminContext,
    action: ActionDescriptor,
    values: FormValues,
  ): Promise<ActionRequest> {
    const state = parseListState(offeredParts(descriptor, context), context.request.query);
    const backUrl = listUrlOf(descriptor, state);
    const across = values.get('across') === '1';
    if (across) {
      const rows = await this.query.matching(descriptor, state, context);
      return { action, rows, count: await answeringAddress(() => rows.count()), segments: [], across, backUrl };
    }
    const segments = [...new Set(values.all('selected'))];
    if (segments.length > MAX_SELECTED)
      throw new ListAddressError(`At most ${MAX_SELECTED} rows can be selected one by one`);
    const keys = segments.map((segment) => {
      const key = parseKeySegment(segment, descriptor.entity);
      if (key === undefined) throw new ListAddressError(`"${segment.slice(0, 80)}" is no row of this list`);
      return key;
    });
    const rows = this.selected.byKeys(this.access.rows(descriptor, context), keys);
    const count = keys.length === 0 ? 0 : await answeringAddress(() => rows.count());
    return { action, rows, count, segments, across, backUrl };
  }

  private async run(
    descriptor: AdminDescriptor,
    context: AdminContext,
    { action, rows, count, backUrl }: ActionRequest,
  ): Promise<Reply> {
    try {
      const said = await this.databases.get(descriptor.entity.database).atomic(async () => {
        await this.selected.demand(descriptor, action.permission, context, rows);
        return action.run(rows, { ...context, count });
      });
      const what = count === 1 ? `1 ${noun(descriptor.label)}` : `${count} ${noun(descriptor.labelPlural)}`;
      return this.answer('success', said ?? `${heading(action.label)}: done for ${what}.`, backUrl);
    } catch (error) {
      if (!(error instanceof ForeignKeyError)) throw error;
      return this.answer('error', 'Nothing was done, because other rows need some of the selected ones.', backUrl);
    }
  }

  private answer(level: 'success' | 'warning' | 'error', text: string, url: string): Reply {
    addMessage(level, text);
    return Reply.redirect(url);
  }
}
