import { Injectable } from '@nestjs/common';

import { currentUser } from '#auth';
import { type Class } from '#core';
import { type HttpRequest } from '#http';

import { type AskedFor } from '../content/api-format.js';
import { Formats } from '../content/formats.service.js';
import { checkUnknown } from '../filters/check-unknown.js';
import { type ParameterProblems } from '../filters/parameter-problems.js';
import { addressWithParameters, readParameters, type Parameters } from '../filters/parameters.js';
import { ApiVersions } from '../versions/api-versions.service.js';
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
    private readonly versions: ApiVersions,
  ) {}

  /**
   * The call of an action, with nothing in its address that the action does not know. What is wrong with its selection is
   * thrown, unless the caller collects it. @throws UnknownParameterError, BadParametersError
   */
  of(
    viewset: object,
    request: HttpRequest,
    name: StandardAction | (string & {}),
    collected?: ParameterProblems,
  ): StandardCall {
    const description = this.viewsets.of(viewset.constructor as Class);
    const action = description.action(name)!;
    const format = this.formats.choose(request, action);
    const { given, selection, address } = format.read(this.asked(request, action), { description, action });
    const { filters, search, ordering, pagination } = description;
    const list = action.standard === 'list' ? [filters, search, ordering, pagination] : [];
    const formats = this.formats.readerFor(action);
    if (action.standard) checkUnknown(given, [...list, action.selection, formats]);
    const user = currentUser();
    const context = { user, request };
    const base = { viewset, description, action, request, user, context, format, given, address };
    return { ...base, selection: selection(collected) };
  }

  private asked(request: HttpRequest, { selection }: ActionDescription): AskedFor {
    const given = this.withoutVersion(request);
    return {
      given,
      selection: (collected) => selection.read(given, collected),
      address: addressWithParameters(request),
    };
  }

  /** The parameters without that which names the version in the address, and has been understood. */
  private withoutVersion(request: HttpRequest): Parameters {
    const given = readParameters(request);
    const [version] = this.versions.reader.parameters;
    const texts = version && given.get(version.name);
    if (texts?.length !== 1 || request.query[version!.name] === undefined) return given;
    return new Map([...given].filter(([name]) => name !== version!.name));
  }
}
