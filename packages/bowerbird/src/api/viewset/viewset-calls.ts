import { Injectable } from '@nestjs/common';

import { currentUser } from '#auth';
import { type Class } from '#core';
import { type HttpRequest } from '#http';

import { Formats } from '../content/formats.service.js';
import { checkUnknown } from '../filters/check-unknown.js';
import { readParameters } from '../filters/parameters.js';
import { type ActionCall } from './actions/action-call.js';
import { type StandardAction } from './standard-actions.js';
import { ViewSets } from './viewsets.service.js';

/** Reads what a request asks of an action. */
@Injectable()
export class ViewSetCalls {
  constructor(
    private readonly viewsets: ViewSets,
    private readonly formats: Formats,
  ) {}

  /** The call of an action, with nothing in its address that the action does not know. @throws BadParametersError */
  of(viewset: object, request: HttpRequest, name: StandardAction | (string & {})): ActionCall {
    const description = this.viewsets.of(viewset.constructor as Class);
    const action = description.action(name)!;
    const given = readParameters(request);
    const { filters, search, ordering, pagination } = description;
    const list = action.standard === 'list' ? [filters, search, ordering, pagination] : [];
    const format = this.formats.readerFor(action);
    if (action.standard) checkUnknown(given, [...list, action.selection, format]);
    const user = currentUser();
    const context = { user, request };
    return { viewset, description, action, request, user, context, selection: action.selection.read(given) };
  }
}
