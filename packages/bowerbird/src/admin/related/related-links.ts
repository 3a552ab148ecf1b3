import { Injectable } from '@nestjs/common';

import { parseKey } from '#forms';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { noun } from '../site/labels.js';
import { keySegment } from '../site/row-key.js';

/** A link beside a relation field. Scripts open it in a small window and take over what was saved there. */
export interface RelatedLink {
  readonly action: 'add' | 'open';
  readonly label: string;
  readonly icon: string;
  readonly url: string;
  /** Where rows of the target live, so that scripts can follow what is chosen. */
  readonly base: string;
  /** Name of the control to which the link belongs. */
  readonly field: string;
  /** No row is chosen yet. */
  readonly hidden: boolean;
}

/** A relation field on a form. */
export interface RelatedField {
  /** Name of the control. */
  readonly name: string;
  readonly many: boolean;
  /** Key of the chosen row as forms send it; empty for none. */
  readonly chosen: string;
}

/** The ways from a relation field to the rows of its target, by permission. */
@Injectable()
export class RelatedLinks {
  constructor(private readonly access: AdminAccess) {}

  async beside(
    descriptor: AdminDescriptor | null,
    { name, many, chosen }: RelatedField,
    context: AdminContext,
  ): Promise<readonly RelatedLink[]> {
    if (!descriptor) return [];
    const label = noun(descriptor.label);
    const links: RelatedLink[] = [];
    const common = { base: descriptor.path, field: name };
    if (await this.access.may(descriptor, 'add', context)) {
      const url = `${descriptor.path}add/?_popup=1`;
      links.push({ ...common, action: 'add', label: `Add ${label}`, icon: 'plus', url, hidden: false });
    }
    if (many || !(await this.access.may(descriptor, 'view', context))) return links;
    const mayChange = await this.access.may(descriptor, 'change', context);
    const [verb, icon] = mayChange ? ['Edit', 'edit'] : ['View', 'eye'];
    const url = rowAddress(descriptor, chosen);
    links.push({
      ...common,
      action: 'open',
      label: `${verb} ${label}`,
      icon,
      url: url ?? descriptor.path,
      hidden: url === null,
    });
    return links;
  }
}

function rowAddress({ path, entity }: AdminDescriptor, chosen: string): string | null {
  const key = chosen === '' ? undefined : parseKey(entity, chosen);
  return key === undefined ? null : `${path}${keySegment(key)}/change/?_popup=1`;
}
