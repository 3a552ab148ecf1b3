import { type AbstractUser } from '#auth';
import { type HttpRequest } from '#http';

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
