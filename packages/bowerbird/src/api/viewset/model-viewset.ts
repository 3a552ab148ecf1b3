import { Inject } from '@nestjs/common';

import { type ModelAction } from '#auth';
import { type HttpRequest, type Reply } from '#http';
import { type QuerySet } from '#orm';

import { type ActionRunner } from './actions/action-runner.js';
import { ViewSetActions } from './viewset-actions.js';
import { type ViewSetOptions } from './viewset-note.js';

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

  /**
   * Whether a row may be touched, beside what the access rule says. Rows that may not be viewed are not found; otherwise
   * what may not be done is refused (403).
   */
  permits?(does: ModelAction, row: E, request: HttpRequest): boolean | Promise<boolean>;

  /** Deletes a row in place of the framework; runs in the transaction that holds the row. Throw to refuse it. */
  remove?(row: E, request: HttpRequest): Promise<void>;

  /** Options that are known only while the application boots, over those of the decorator; not the path and the actions. */
  options?(): Promise<Partial<Omit<ViewSetOptions, 'path' | 'actions' | 'access' | 'version'>>>;

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

/** What answers the requests of a viewset. */
export function runnerOf(viewset: ModelViewSet): ActionRunner {
  return viewset['standard'].runner;
}
