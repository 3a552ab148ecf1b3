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
import { Databases, type FieldDescription, type RelationDescription } from '#orm';

import { PermissionGrid } from '../accounts/permission-grid.js';
import { PermissionMatrix } from '../accounts/permission-matrix.js';
import { AdminConfig } from '../admin.options.js';
import { LISTED_CONTROLS } from '../related/relation-controls.js';
import { type RelationScope } from '../related/relation-scope.js';
import { ScopedRelationField, ScopedRelationsField, type ScopedOptions } from '../related/scoped-fields.js';
import { SearchMany, SearchOne, type FoundRows, type SearchOptions } from '../related/search-widgets.js';
import { type FieldControl } from '../site/admin-options.js';
import { heading } from '../site/labels.js';
import { adminFormClass, type AdminForm } from './admin-form.js';
import { FilePicker } from './file-picker.js';
import { type FormPlan } from './form-plan.js';

/** What a form is made with beside its plan. */
export interface FormParts extends Pick<EntityFormInput, 'data' | 'files' | 'initial' | 'instance'> {
  /** What was searched without scripts, by relation. */
  readonly found?: ReadonlyMap<string, FoundRows>;
  /** Secret fields to which nothing was entered, so that they keep their values. */
  readonly kept?: ReadonlySet<string>;
}

type Override = NonNullable<FormClassOptions['overrides']>[string];

/** Builds the form of one request: the fields that the user may edit, with the admin's own widgets. */
@Injectable()
export class FormBuilder {
  constructor(
    private readonly config: AdminConfig,
    private readonly databases: Databases,
    private readonly grid: PermissionGrid,
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
    const base = fieldForRelation(relation)!.options as RelationOptions<object>;
    const options = {
      ...base,
      label: heading(relation.label),
      narrowed: scope.narrowed,
      limit: scope.limit,
      attrs: { 'data-entity': scope.target.key },
      widget: this.relationWidget(path, many, plan, scope, parts),
    };
    return many
      ? new ScopedRelationsField(options as unknown as ScopedOptions<readonly object[]>)
      : new ScopedRelationField(options as unknown as ScopedOptions<object | null>);
  }

  private relationWidget(
    path: string,
    many: boolean,
    { descriptor, context }: FormPlan,
    scope: RelationScope,
    { found }: FormParts,
  ): Widget {
    const control = relationControl(descriptor.form.controls.get(path), scope);
    if (control === 'checkboxes' && scope.target.target === Permission) return new PermissionMatrix(this.grid, context);
    if (control !== 'search') return LISTED_CONTROLS[control](many);
    const search: SearchOptions = {
      name: path,
      source: `${this.config.path}autocomplete/?field=${encodeURIComponent(`${descriptor.key}.${path}`)}`,
      entity: scope.target.key,
      found: found?.get(path) ?? null,
    };
    return many ? new SearchMany(search) : new SearchOne(search);
  }
}

function withZone(help: string, timeZone: string): string {
  return help === '' ? `Time zone: ${timeZone}` : `${help.replace(/\.$/, '')}. Time zone: ${timeZone}`;
}

/** Search where the target can be searched, a plain list otherwise. */
export function relationControl(wanted: FieldControl | undefined, { descriptor }: RelationScope): FieldControl {
  const searchable = descriptor !== null && descriptor.search.length > 0;
  if (wanted === undefined || wanted === 'search') return searchable ? 'search' : 'select';
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
