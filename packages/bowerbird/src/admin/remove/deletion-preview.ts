import { Injectable } from '@nestjs/common';

import { Databases, type DeletionEffect, type QuerySet } from '#orm';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminSite } from '../site/admin-site.js';

/** What somebody wants to delete. */
export interface Deletion {
  readonly descriptor: AdminDescriptor;
  readonly context: AdminContext;
  readonly rows: QuerySet;
  /** How many rows those are, without what goes with them. */
  readonly count: number;
}

/** What a deletion would do, and what stands against it. */
export interface DeletionPreview {
  readonly effects: readonly DeletionEffect[];
  /** Rows of all entities that go. */
  readonly total: number;
  /** Rows that forbid the deletion. */
  readonly protectors: readonly DeletionEffect[];
  /** Plural names of the entities, rows of which would go although the user may not delete them. */
  readonly forbidden: readonly string[];
}

/** Most rows of an entity for which the preview asks the policies one by one; the deletion itself asks for all. */
const ASKED = 200;

/** Finds out what a deletion does, by counting in the database. */
@Injectable()
export class DeletionPreviews {
  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly databases: Databases,
  ) {}

  /** For a page that asks. */
  preview(deletion: Deletion): Promise<DeletionPreview> {
    return this.examine(deletion, ASKED);
  }

  /** For the deletion itself: where policies or an admin class decide row by row, they are asked for every row. */
  verdict(deletion: Deletion): Promise<DeletionPreview> {
    return this.examine(deletion, undefined);
  }

  private async examine({ rows, context }: Deletion, limit: number | undefined): Promise<DeletionPreview> {
    const effects = await rows.deletionEffects();
    const going = effects.filter(({ kind }) => kind === 'delete');
    const forbidden = new Set<string>();
    for (const effect of going) {
      const descriptor = this.site.find(effect.entity.target);
      if (descriptor && !(await this.mayDelete(descriptor, effect, context, limit)))
        forbidden.add(descriptor.labelPlural);
    }
    return {
      effects,
      total: going.reduce((sum, { count }) => sum + count, 0),
      protectors: effects.filter(({ kind }) => kind === 'protect'),
      forbidden: [...forbidden],
    };
  }

  private async mayDelete(
    descriptor: AdminDescriptor,
    { where, entity, relation }: DeletionEffect,
    context: AdminContext,
    limit: number | undefined,
  ): Promise<boolean> {
    // A policy may allow single rows to somebody without the permission as such; those were asked for by their page.
    if (relation !== null && !(await this.access.may(descriptor, 'delete', context))) return false;
    if (!this.access.decidesByRow(descriptor, 'delete', context)) return true;
    const all = this.databases.get(entity.database).objects(entity.target).filter(where!);
    const rows = limit === undefined ? all.iterator() : all.slice(0, limit);
    for await (const row of rows) if (!(await this.access.may(descriptor, 'delete', context, row))) return false;
    return true;
  }
}
