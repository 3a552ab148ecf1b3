import { Injectable } from '@nestjs/common';

import { Descriptions, type DeletionEffect, type DeletionEffectKind, type EntityDescription } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { AdminSite } from '../site/admin-site.js';
import { iconFor } from '../site/entity-icon.js';
import { FormatRegistry } from '../site/format-registry.js';
import { heading, noun } from '../site/labels.js';
import { RowFinder, type NamedRow } from '../site/row-finder.js';
import { type Deletion, type DeletionPreview } from './deletion-preview.js';

/** The affected rows of one entity, with some of their names. */
export interface EffectView {
  readonly label: string;
  readonly icon: string;
  readonly count: string;
  /** What happens to the rows, where it is not what happens to all of the list. */
  readonly note: string | null;
  readonly rows: readonly NamedRow[];
  /** `and 1,294 more`. */
  readonly more: string | null;
  /** What goes because these go. */
  readonly nodes: readonly EffectView[];
}

/** Why nothing can be deleted. */
export interface RefusalView {
  readonly title: string;
  readonly text: string;
  readonly items: readonly EffectView[];
}

/** What the pages that ask before a deletion show of its effects. */
export interface DeletionView {
  readonly refusal: RefusalView | null;
  readonly deleted: readonly EffectView[];
  /** References that are emptied and links that are removed. */
  readonly changed: readonly EffectView[];
}

/** Rows of one entity up to which the sample is in the entity's own order; sorting more would take long. */
const SORTED = 10_000;

const NOTES: Partial<Readonly<Record<DeletionEffectKind, (relation: string) => string>>> = {
  empty: (relation) => `will have no “${relation}” any more`,
  reset: (relation) => `will have the default “${relation}” again`,
  replace: (relation) => `will have another “${relation}”`,
  unlink: () => 'links will be removed',
};

/** Shows what a deletion does: a tree of counts, each with the names of a few rows. */
@Injectable()
export class DeletionViews {
  constructor(
    private readonly site: AdminSite,
    private readonly finder: RowFinder,
    private readonly formats: FormatRegistry,
    private readonly descriptions: Descriptions,
  ) {}

  /** @param single whether the rows are one that the page names itself */
  async build(preview: DeletionPreview, deletion: Deletion, single: boolean): Promise<DeletionView> {
    const { descriptor, context } = deletion;
    const limit = descriptor.deleteSample;
    const view = (effect: DeletionEffect, nodes: readonly EffectView[] = []) =>
      this.effect(effect, nodes, context, limit);
    const going = preview.effects.filter(({ kind }) => kind === 'delete');
    const changed = preview.effects.filter(({ kind }) => kind in NOTES);
    const tree = async (parent: EntityDescription | null): Promise<readonly EffectView[]> => {
      const children = going.filter(({ through }) =>
        parent && through ? sharesTable(through, parent) : through === parent,
      );
      return inOrder(children, async (effect) => view(effect, await tree(effect.entity)));
    };
    const [root] = await tree(null);
    const alone = single && going[0]?.count === 1;
    return {
      refusal: await this.refusal(preview, deletion, view),
      deleted: alone ? root!.nodes : [root!],
      changed: await inOrder(changed, (effect) => view(effect)),
    };
  }

  /** `97 cities, 4 comments`: what goes beside the rows that were asked for; empty when nothing does. */
  company({ effects }: DeletionPreview, { count: asked }: Deletion): string {
    return effects
      .filter(({ kind }) => kind === 'delete')
      .map(({ entity, relation, count }) => ({ entity, count: relation === null ? count - asked : count }))
      .filter(({ count }) => count > 0)
      .map(({ entity, count }) => this.counted(entity, count))
      .join(', ');
  }

  /** `97 cities`. */
  counted(entity: EntityDescription, count: number): string {
    const descriptor = this.site.find(entity.target) ?? entity;
    return `${this.formats.current().count(count)} ${noun(count === 1 ? descriptor.label : descriptor.labelPlural)}`;
  }

  private async refusal(
    { protectors, forbidden }: DeletionPreview,
    { descriptor }: Deletion,
    view: (effect: DeletionEffect) => Promise<EffectView>,
  ): Promise<RefusalView | null> {
    if (protectors.length > 0) {
      const text = 'Delete these rows first, or let them refer to something else.';
      return { title: 'Other rows need what you want to delete', text, items: await inOrder(protectors, view) };
    }
    if (forbidden.length === 0) return null;
    const text = `Deleting ${noun(descriptor.labelPlural)} would also delete ${forbidden.map(noun).join(', ')}.`;
    return { title: `Your account may not delete: ${forbidden.join(', ')}`, text, items: [] };
  }

  private async effect(
    { kind, entity, relation, count, where }: DeletionEffect,
    nodes: readonly EffectView[],
    context: AdminContext,
    limit: number,
  ): Promise<EffectView> {
    const { label, labelPlural, icon } = this.site.find(entity.target) ?? { ...entity, icon: iconFor(entity.name) };
    const name = heading(kind === 'unlink' ? this.linkLabel(entity, relation!) : count === 1 ? label : labelPlural);
    const rows = where ? await this.sample({ entity, count, where }, context, limit) : [];
    const formats = this.formats.current();
    const hidden = count - rows.length;
    return {
      label: name,
      icon: kind === 'unlink' ? 'link' : icon,
      count: formats.count(count),
      note: NOTES[kind]?.(heading(relation!.label)) ?? null,
      rows,
      more: rows.length > 0 && hidden > 0 ? `and ${formats.count(hidden)} more` : null,
      nodes,
    };
  }

  private linkLabel(entity: EntityDescription, { target, label }: NonNullable<DeletionEffect['relation']>): string {
    const other = this.descriptions.of(target);
    const ends = [entity.labelPlural, other.target === entity.target ? label : other.labelPlural];
    return ends.map((end) => heading(noun(end))).join(' – ');
  }

  private async sample(
    { entity, count, where }: Pick<DeletionEffect, 'entity' | 'count'> & { readonly where: object },
    context: AdminContext,
    limit: number,
  ): Promise<readonly NamedRow[]> {
    const visible = await this.finder.visible(entity, context);
    if (!visible || count === 0) return [];
    const rows = visible.filter(where);
    const ordered = count <= SORTED ? rows : rows.orderBy();
    return (await ordered.slice(0, limit).all()).map((row) => this.finder.name(entity, row));
  }
}

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function sharesTable(one: EntityDescription, other: EntityDescription): boolean {
  return one.table === other.table && one.schema === other.schema;
}
