import { Inject } from '@nestjs/common';

import { type HttpRequest, type Reply } from '#http';
import { type QuerySet } from '#orm';

import { ViewSetActions } from './viewset-actions.js';

/**
 * Base of viewsets. Its methods are the standard actions; a class may override one, and call `super` for what it does.
 * See https://www.django-rest-framework.org/api-guide/viewsets/
 */
export abstract class ModelViewSet<E extends object = object> {
  declare protected readonly rowType: E;

  @Inject(ViewSetActions)
  private readonly standard: ViewSetActions;

  /**
   * Narrows the rows that exist for a request, beside what policies say: all others are not found, whatever is done. Input
   * may not move a row out of it.
   */
  scope?(request: HttpRequest, rows: QuerySet<E>): QuerySet<E>;

  /** `GET`: one page of the rows. */
  list(request: HttpRequest): Promise<Reply> {
    return this.standard.list.run(this, request);
  }

  /** `POST`: makes a row, or several when a list is sent. */
  create(request: HttpRequest): Promise<Reply> {
    return this.standard.create.run(this, request);
  }

  /** `GET`: one row. */
  retrieve(request: HttpRequest): Promise<Reply> {
    return this.standard.retrieve.run(this, request);
  }

  /** `PUT`: replaces the values of a row. */
  update(request: HttpRequest): Promise<Reply> {
    return this.standard.update.run(this, request, 'update');
  }

  /** `PATCH`: changes what is sent of a row. */
  partialUpdate(request: HttpRequest): Promise<Reply> {
    return this.standard.update.run(this, request, 'partialUpdate');
  }

  /** `DELETE`: deletes a row. */
  destroy(request: HttpRequest): Promise<Reply> {
    return this.standard.destroy.run(this, request);
  }
}
