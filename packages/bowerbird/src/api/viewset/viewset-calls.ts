import { Injectable } from '@nestjs/common';

import { currentUser } from '#auth';
import { type Class } from '#core';
import { type HttpRequest } from '#http';

import { type AskedFor } from '../content/api-format.js';
import { Formats } from '../content/formats.service.js';
import { checkUnknown } from '../filters/check-unknown.js';
import { addressWithParameters, readParameters } from '../filters/parameters.js';
import { type StandardCall } from './actions/action-call.js';
import { type StandardAction } from './standard-actions.js';
import { type ActionDescription } from './viewset-description.js';
import { ViewSets } from './viewsets.service.js';

/** Reads what a request asks of an action. */
@Injectable()
export class ViewSetCalls {
  constructor(
    private readonly viewsets: ViewSets,
    private readonly formats: Formats,
  ) {}

  /** The call of an action, with nothing in its address that the action does not know. @throws BadParametersError */
  of(viewset: object, request: HttpRequest, name: StandardAction | (string & {})): StandardCall {
    const description = this.viewsets.of(viewset.constructor as Class);
    const action = description.action(name)!;
    const format = this.formats.choose(request, action);
    const { given, selection, address } = format.read(asked(request, action), { description, action });
    const { filters, search, ordering, pagination } = description;
    const list = action.standard === 'list' ? [filters, search, ordering, pagination] : [];
    const formats = this.formats.readerFor(action);
    if (action.standard) checkUnknown(given, [...list, action.selection, formats]);
    const user = currentUser();
    const context = { user, request };
    const base = { viewset, description, action, request, user, context, format, given, address };
    return { ...base, selection: selection() };
  }
}

function asked(request: HttpRequest, { selection }: ActionDescription): AskedFor {
  const given = readParameters(request);
  const { protocol, host } = request;
  const address = { protocol, host, originalUrl: addressWithParameters(request) };
  return { given, selection: () => selection.read(given), address };
}
