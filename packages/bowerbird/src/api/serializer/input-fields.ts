import { Injectable } from '@nestjs/common';

import { currentUser, Permissions } from '#auth';
import { Field, fieldForRelation, type FormClassOptions } from '#forms';
import { currentRequest } from '#http';
import { type QuerySet } from '#orm';

import { EntityLinks } from './entity-links.js';
import { type NestedMember, type ReferenceMember } from './serializer-description.js';

type Override = NonNullable<FormClassOptions['overrides']>[string];

/** Makes the fields by which input names other rows: only rows that the user may see can be named. */
@Injectable()
export class InputFields {
  constructor(
    private readonly permissions: Permissions,
    private readonly links: EntityLinks,
  ) {}

  /** The field of a relation. An override that is a whole field stands as it is. */
  fieldOf(member: ReferenceMember | NestedMember, override: Override | undefined): Field {
    if (override instanceof Field) return override;
    const style = member.kind === 'reference' ? member.style : 'key';
    return fieldForRelation(member.relation, {
      ...override,
      limit: (rows: QuerySet) => this.narrow(member, rows),
      ...(typeof style === 'object' && { by: style.slug }),
      ...(style === 'link' && { parse: (text: string) => this.links.keyOf(member.target, text) }),
    })!;
  }

  /** Visitors may name only what is declared for everybody. */
  private narrow({ target, choices }: ReferenceMember | NestedMember, rows: QuerySet): QuerySet {
    const user = currentUser();
    const visible = user || !choices ? this.permissions.scope(user, target.target, rows) : rows;
    const request = currentRequest();
    return choices ? choices(visible, { user, ...(request && { request }) }) : visible;
  }
}
