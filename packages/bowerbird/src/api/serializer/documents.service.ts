import { Injectable } from '@nestjs/common';

import { Permissions } from '#auth';
import { afterwards } from '#core';
import { Databases, type EntityDescription, type QuerySet } from '#orm';
import { Disks } from '#storage';

import { BySelection } from './by-selection.js';
import { EntityLinks } from './entity-links.js';
import { holdsDocument } from './held-rows.js';
import { loading } from './load-plan.js';
import { compileWriter, type Document, type RowWriter } from './row-writer.js';
import { WHOLE, type Selection } from './selection.js';
import { type SerializerContext } from './serializer-context.js';
import { type SerializerDescription } from './serializer-description.js';

/** What is loaded, and for whom. */
export interface LoadingOptions {
  readonly selection?: Selection;
  readonly context: SerializerContext;
  /** Whether all columns of the rows are loaded, for what looks at them besides. */
  readonly whole?: boolean;
}

type Holds = (row: object) => boolean;

/** Makes documents of rows: which columns are loaded, and what becomes of them. */
@Injectable()
export class Documents {
  private readonly writers = new BySelection<RowWriter>();
  private readonly holders = new BySelection<Holds | undefined>();

  constructor(
    private readonly databases: Databases,
    private readonly links: EntityLinks,
    private readonly disks: Disks,
    private readonly permissions: Permissions,
  ) {}

  /** The query together with everything that the documents of its rows need. */
  loading(rows: QuerySet, description: SerializerDescription, options: LoadingOptions): QuerySet {
    const { selection = WHOLE, context, whole = false } = options;
    return loading(rows, description, selection, {
      whole,
      rowsOf: (entity) => this.related(entity, description, context),
      isScoped: ({ target }) => this.permissions.isScoped(target),
    });
  }

  /** The documents of rows that were loaded by {@link loading}; at once where no value has to be waited for. */
  many(
    rows: readonly object[],
    description: SerializerDescription,
    context: SerializerContext,
    selection: Selection = WHOLE,
  ): readonly Document[] | Promise<readonly Document[]> {
    const write = this.writerFor(description, selection);
    const writing = { context, pending: [] as Promise<void>[] };
    const documents = rows.map((row) => write(row, writing));
    const { pending } = writing;
    return pending.length > 0 ? Promise.all(pending).then(() => documents) : documents;
  }

  /** The document of one row that was loaded by {@link loading}. */
  one(
    row: object,
    description: SerializerDescription,
    context: SerializerContext,
    selection: Selection = WHOLE,
  ): Document | Promise<Document> {
    return afterwards(this.many([row], description, context, selection), ([document]) => document!);
  }

  /** What tells whether rows hold all that their documents show; undefined where some has to be read. */
  held(description: SerializerDescription, selection: Selection): Holds | undefined {
    return this.holders.of(description, selection, () =>
      holdsDocument(description, selection, ({ target }) => this.permissions.isScoped(target)),
    );
  }

  /** All rows of an entity. */
  objects({ target }: EntityDescription): QuerySet {
    return this.databases.objects(target).untyped();
  }

  /** The related rows that a list shows. */
  private related(
    entity: EntityDescription,
    { serializer }: SerializerDescription,
    context: SerializerContext,
  ): QuerySet {
    const rows = this.visible(entity, context);
    return serializer.scopeRelated?.(rows, entity, context) ?? rows;
  }

  /** The related rows that a user may see. */
  private visible(entity: EntityDescription, { user }: SerializerContext): QuerySet {
    const rows = this.objects(entity);
    if (!this.permissions.isScoped(entity.target)) return rows;
    return this.permissions.scope(user, entity.target, rows);
  }

  private writerFor(description: SerializerDescription, selection: Selection): RowWriter {
    const { links, disks } = this;
    return this.writers.of(description, selection, () => compileWriter(description, selection, { links, disks }));
  }
}
