import { type AbstractUser } from '#auth';
import { type HttpRequest } from '#http';

import { type ApiFormat } from '../../content/api-format.js';
import { type Parameters } from '../../filters/parameters.js';
import { type RequestAddress } from '../../pagination/page-address.js';
import { type Selection } from '../../serializer/selection.js';
import { type SerializerContext } from '../../serializer/serializer-context.js';
import { type ActionDescription, type ViewSetDescription } from '../viewset-description.js';

/** What an answer depends on: the action, and what of the rows is asked for by whom. */
export interface AnswerCall {
  readonly description: ViewSetDescription;
  readonly action: ActionDescription;
  readonly request: HttpRequest;
  readonly user: AbstractUser | null;
  readonly selection: Selection;
  readonly context: SerializerContext;
}

/** One call of an action. */
export interface ActionCall extends AnswerCall {
  /** The object that answers. */
  readonly viewset: object;
}

/** One call of a standard action. */
export interface StandardCall extends ActionCall {
  /** What the answer is written in. */
  readonly format: ApiFormat;
  /** The parameters of the request, under our names. */
  readonly given: Parameters;
  /** Where its list is, with the parameters under our names. */
  readonly address: RequestAddress;
}
