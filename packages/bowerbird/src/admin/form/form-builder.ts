import { Injectable } from '@nestjs/common';

import { Permission } from '#auth';
import {
  fieldForRelation,
  PasswordInput,
  RadioButtons,
  type EntityFormInput,
  type Field,
  type FormClassOptions,
  type RelationOptions,
  type Widget,
} from '#forms';
import { FormValues } from '#http';
import { Databases, type FieldDescription, type QuerySet, type RelationDescription } from '#orm';

import { PermissionGrid } from '../accounts/permission-grid.js';
import { PermissionMatrix } from '../accounts/permission-matrix.js';
import { AdminConfig } from '../admin.options.js';
import { isPart, isSearched, LinkedRows } from '../related/linked-rows.js';
import { ManyLinksField, type ManyLinksOptions } from '../related/many-links-field.js';
import { LISTED_CONTROLS } from '../related/relation-controls.js';
import { type RelationScope } from '../related/relation-scope.js';
import { ScopedRelationField, ScopedRelationsField, type ScopedOptions } from '../related/scoped-fields.js';
import {
  listedName,
  ManyLinks,
  SearchMany,
  SearchOne,
  type FoundRows,
  type SearchOptions,
} from '../related/search-widgets.js';
import { type FieldControl } from '../site/admin-options.js';
import { FormatRegistry } from '../site/format-registry.js';
import { heading } from '../site/labels.js';
import { keySegment } from '../site/row-key.js';
import { adminFormClass, type AdminForm } from './admin-form.js';
import { FilePicker } from './file-picker.js';
import { type FormPlan } from './form-plan.js';

/** What a form is made with beside its plan. */
export interface FormParts extends Pick<EntityFormInput, 'data' | 'files' | 'initial' | 'instance'> {
  /** What was searched without scripts, by relation. */
  readonly found?: ReadonlyMap<string, FoundRows>;
  /** Secret fields to which nothing was entered, so that they keep their values. */
  readonly kept?: ReadonlySet<string>;
  /** The row of which a copy is made; its links go with it where the form lists only a part of them. */
  readonly copied?: object;
}

type Override = NonNullable<FormClassOptions['overrides']>[string];

/** Builds the form of one request: the fields that the user may edit, with the admin's own widgets. */
@Injectable()
export class FormBuilder {
  constructor(
    private readonly config: AdminConfig,
    private readonly databases: Databases,
    private readonly grid: PermissionGrid,
    private readonly linked: LinkedRows,
    private readonly formats: FormatRegistry,
  ) {}

  build(plan: FormPlan, parts: FormParts): AdminForm {
    const { entity } = plan.descriptor;
    const overrides: Record<string, Override> = {};
    for (const path of plan.editable) {
      const relation = entity.relation(path);
      overrides[path] = relation
        ? this.relationField(relation, plan, parts)
        : this.fieldOptions(entity.field(path)!, plan, parts);
    }
    const AdminFormClass = adminFormClass(entity, { fields: plan.editable, overrides });
    const { data, files, initial, instance } = parts;
    const database = this.databases.get(entity.database);
    return new AdminFormClass({
      database,
      ...(data && { data }),
      ...(files && { files }),
      ...(initial && { initial }),
      ...(instance && { instance }),
    });
  }

  private fieldOptions(field: FieldDescription, { descriptor, row }: FormPlan, { kept }: FormParts): Override {
    const { path, kind, label, help } = field;
    const sources = descriptor.form.prepopulated.get(path);
    const timed = kind === 'datetime' && !field.format;
    const file = field.format === 'file' || field.format === 'image';
    return {
      label: heading(label),
      ...(timed && { timeZone: this.config.timeZone, help: withZone(help, this.config.timeZone) }),
      ...(sources && { attrs: { 'data-bb-slug': sources.join(' ') } }),
      ...(file && { widget: new FilePicker(field.format === 'image') }),
      ...(isSecret(field) && { widget: secretInput(), disabled: kept?.has(path) ?? false }),
      ...(isSecret(field) && row && { required: false }),
      ...(descriptor.form.controls.get(path) === 'radio' && { widget: new RadioButtons() }),
    };
  }

  private relationField(relation: RelationDescription, plan: FormPlan, parts: FormParts): Field {
    const { path, kind } = relation;
    const scope = plan.scopes.get(path)!;
    const many = kind === 'many-to-many';
    const owner = many ? partlyListed(path, plan, parts) : null;
    const links = owner && (() => scope.limit(this.linked.of(owner, relation)));
    const base = fieldForRelation(relation)!.options as RelationOptions<object>;
    const options = {
      ...base,
      label: heading(relation.label),
      narrowed: scope.narrowed,
      limit: scope.limit,
      attrs: { 'data-entity': scope.target.key },
      widget: this.relationWidget(path, many, plan, scope, parts, links),
    };
    if (owner) return new ManyLinksField({ ...options, copied: owner === parts.copied } as unknown as ManyLinksOptions);
    return many
      ? new ScopedRelationsField(options as unknown as ScopedOptions<readonly object[]>)
      : new ScopedRelationField(options as unknown as ScopedOptions<object | null>);
  }

  private relationWidget(
    path: string,
    many: boolean,
    { descriptor, context, row }: FormPlan,
    scope: RelationScope,
    { found }: FormParts,
    links: (() => QuerySet) | null,
  ): Widget {
    const control = relationControl(descriptor.form.controls.get(path), scope);
    if (control === 'checkboxes' && scope.target.target === Permission) return new PermissionMatrix(this.grid, context);
    if (control !== 'search' && !links) return LISTED_CONTROLS[control](many);
    const field = `${this.config.path}autocomplete/?field=${encodeURIComponent(`${descriptor.key}.${path}`)}`;
    const beside = links && row ? `&row=${encodeURIComponent(keySegment(descriptor.entity.keyOf(row)))}` : '';
    const search: SearchOptions = {
      name: path,
      source: control === 'search' ? field + beside : null,
      entity: scope.target.key,
      found: found?.get(path) ?? null,
    };
    if (links) return new ManyLinks(search, { links, format: (count) => this.formats.current().count(count) });
    return many ? new SearchMany(search) : new SearchOne(search);
  }
}

function withZone(help: string, timeZone: string): string {
  return help === '' ? `Time zone: ${timeZone}` : `${help.replace(/\.$/, '')}. Time zone: ${timeZone}`;
}

/** The row of which the form lists, or has listed when it was sent, only a part of the links; null otherwise. */
function partlyListed(path: string, { row }: FormPlan, { data, copied, instance }: FormParts): object | null {
  if (data) return data instanceof FormValues && data.has(listedName(path)) ? (row ?? copied ?? null) : null;
  return instance && isPart((instance as Record<string, unknown>)[path]) ? instance : null;
}

/** Search where the target can be searched, a plain list otherwise. */
export function relationControl(wanted: FieldControl | undefined, { descriptor }: RelationScope): FieldControl {
  if (wanted === undefined || wanted === 'search') return isSearched(wanted, descriptor) ? 'search' : 'select';
  return wanted;
}

/** Whether a value must never be sent to a browser. */
export function isSecret({ sensitive, format }: FieldDescription): boolean {
  return sensitive || format === 'password';
}

/** Usable although the field behind it may be left as it is. */
function secretInput(): Widget {
  return new PasswordInput({ autocomplete: 'new-password', disabled: false });
}
