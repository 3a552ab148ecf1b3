import { Injectable } from '@nestjs/common';

import { type FieldDescription, type RelationDescription } from '#orm';
import { Disks } from '#storage';
import { html, safeHtml, SafeHtml } from '#templates';

import { isPart, LinkedRows } from '../related/linked-rows.js';
import { RelationScopes, type RelationScope } from '../related/relation-scope.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { FormatRegistry } from '../site/format-registry.js';
import { heading } from '../site/labels.js';
import { keySegment } from '../site/row-key.js';
import { isSecret } from './form-builder.js';

/** One value that is only shown. */
export interface ShownValue {
  readonly label: string;
  readonly help: string;
  readonly value: SafeHtml;
}

/** Longest list of related rows that is shown whole. */
const MAX_ROWS = 200;

/** Shows values of a row on its form without letting anybody edit them: whole, not shortened as in lists. */
@Injectable()
export class ShownValues {
  constructor(
    private readonly formats: FormatRegistry,
    private readonly scopes: RelationScopes,
    private readonly linked: LinkedRows,
    private readonly disks: Disks,
  ) {}

  /** @param name a path, or a computed value that the admin declares as read-only */
  async show(
    descriptor: AdminDescriptor,
    name: string,
    row: object | null,
    context: AdminContext,
  ): Promise<ShownValue> {
    const { entity, form } = descriptor;
    const member = entity.field(name) ?? entity.relation(name);
    const reader = form.readers.get(name);
    const label = member && !reader ? heading(member.label) : (reader?.label ?? name);
    const value = row ? await this.valueOf(descriptor, name, row, context) : this.blank(descriptor);
    return { label, help: member?.help ?? '', value };
  }

  /** A value of a field or relation as markup. */
  async write(descriptor: AdminDescriptor, path: string, value: unknown, context: AdminContext): Promise<SafeHtml> {
    const { entity } = descriptor;
    const relation = entity.relation(path);
    if (isNothing(value)) return this.blank(descriptor);
    if (relation) return this.rows(relation, isPart(value) ? value : [value].flat(), context);
    return this.field(descriptor, entity.field(path)!, value);
  }

  private async valueOf(
    descriptor: AdminDescriptor,
    name: string,
    row: object,
    context: AdminContext,
  ): Promise<SafeHtml> {
    const { entity, form } = descriptor;
    const relation = entity.relation(name);
    if (relation?.kind === 'many-to-many' && isUnread(valueAt(row, name))) return this.links(relation, row, context);
    if (entity.field(name) || relation) return this.write(descriptor, name, valueAt(row, name), context);
    const reader = form.readers.get(name)!;
    return safeHtml(this.formats.current().writerOf(reader)(reader.read(row)));
  }

  private field(descriptor: AdminDescriptor, field: FieldDescription, value: unknown): SafeHtml {
    if (isSecret(field)) return html`••••••••`;
    if (field.format === 'file' || field.format === 'image') return this.file(String(value));
    if (field.kind === 'json') return html`<pre class="bb-json">${jsonOf(value)}</pre>`;
    const plain = (field.kind === 'string' || field.kind === 'text') && !field.choices && !field.format;
    if (plain || field.format === 'markdown' || field.format === 'html') return html`${String(value)}`;
    const column = { kind: null, field, related: null, empty: descriptor.empty };
    return safeHtml(this.formats.current().writerOf(column)(value));
  }

  private file(name: string): SafeHtml {
    const { default: disk } = this.disks;
    return html`<a href="${disk.url(name)}">${name.split('/').at(-1)!}</a>`;
  }

  /** The first of many linked rows, read as far as they are shown. */
  private async links(relation: RelationDescription, row: object, context: AdminContext): Promise<SafeHtml> {
    const scope = await this.scopes.of(relation, context);
    const linked = this.linked.of(row, relation);
    const rows = await scope.limit(linked).slice(0, MAX_ROWS).all();
    return listed(scope, rows, (await linked.count()) - rows.length);
  }

  /** Related rows as links, as far as the user may see them; others are counted. */
  private async rows(
    relation: RelationDescription,
    values: readonly unknown[],
    context: AdminContext,
  ): Promise<SafeHtml> {
    const scope = await this.scopes.of(relation, context);
    const rows = await this.loaded(scope, values.slice(0, MAX_ROWS));
    return listed(scope, rows, isPart(values) ? null : values.length - rows.length);
  }

  /** The rows, of what may be rows or keys, that exist for the user. */
  private async loaded(scope: RelationScope, values: readonly unknown[]): Promise<readonly object[]> {
    const { target } = scope.target;
    const rows = values.filter((value): value is object => value instanceof target);
    if (rows.length === values.length && !scope.narrowed) return rows;
    const keys = values.map((value) => (value instanceof target ? scope.target.keyOf(value) : value));
    return scope.rows().filter({ pk__in: keys }).all();
  }

  private blank({ empty }: AdminDescriptor): SafeHtml {
    return html`<span class="bb-empty">${empty}</span>`;
  }
}

/** @param more how many rows there are beside these; null where that is not known */
function listed(
  { target, descriptor, visible }: RelationScope,
  rows: readonly object[],
  more: number | null,
): SafeHtml {
  const items = rows.map((row) => {
    const text = target.text(row);
    if (!descriptor || !visible) return html`${text}`;
    return html`<a href="${`${descriptor.path}${keySegment(target.keyOf(row))}/change/`}">${text}</a>`;
  });
  const rest = more === 0 ? [] : [html`${rows.length > 0 ? 'and ' : ''}${more === null ? '' : `${more} `}more`];
  return safeHtml([...items, ...rest].map(String).join(', '));
}

/** Whether linked rows were not read, or only a part of them. */
function isUnread(value: unknown): boolean {
  return value === undefined || isPart(value);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** The value at a property path, through embedded objects. */
export function valueAt(row: object, path: string): unknown {
  let value: unknown = row;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
