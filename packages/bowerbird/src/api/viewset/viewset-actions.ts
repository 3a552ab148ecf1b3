import { Injectable } from '@nestjs/common';

import { ActionRunner } from './actions/action-runner.js';
import { CreateAction } from './actions/create.action.js';
import { DestroyAction } from './actions/destroy.action.js';
import { ListAction } from './actions/list.action.js';
import { RetrieveAction } from './actions/retrieve.action.js';
import { UpdateAction } from './actions/update.action.js';

/** What the standard actions of viewsets do. */
@Injectable()
export class ViewSetActions {
  constructor(
    readonly list: ListAction,
    readonly create: CreateAction,
    readonly retrieve: RetrieveAction,
    readonly update: UpdateAction,
    readonly destroy: DestroyAction,
    readonly runner: ActionRunner,
  ) {}
}
