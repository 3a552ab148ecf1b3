import { Injectable } from '@nestjs/common';

import { currentUser } from '#auth';
import { type Class } from '#core';
import { type HttpRequest } from '#http';

import { readParameters } from '../../filters/parameters.js';
import { ViewSetRows } from '../viewset-rows.js';
import { ViewSets } from '../viewsets.service.js';

/** Finds the rows that extra actions are about. */
@Injectable()
export class ActionRows {
  constructor(
    private readonly viewsets: ViewSets,
    private readonly rows: ViewSetRows,
  ) {}

  /** The row that the address names, with all of its columns. @throws NotFoundError, ForbiddenActionError */
  async named(type: Class, name: string, request: HttpRequest): Promise<object> {
    const description = this.viewsets.of(type);
    const action = description.action(name)!;
    const user = currentUser();
    const selection = action.selection.read(readParameters(request));
    const call = {
      viewset: this.viewsets.instanceOf(type),
      description,
      action,
      request,
      user,
      selection,
      context: { user, request },
    };
    return this.rows.one(this.rows.named(this.rows.of(call), description, request), call);
  }
}
