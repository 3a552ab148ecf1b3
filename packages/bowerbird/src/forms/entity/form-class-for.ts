import { didYouMean, type Class } from '#core';
import { type EntityDescription, type RelationDescription } from '#orm';

import { type Field } from '../fields/field.js';
import { type FieldGroup } from '../form-renderer.js';
import { UnknownFormFieldError } from '../forms.errors.js';
import { type Widget } from '../widgets/widget.js';
import { EntityForm, type EntityFormInput } from './entity-form.js';
import { fieldFor, fieldForRelation, type FieldOverrides } from './field-for.js';
import { isWriteOnly } from './write-only.js';

/** What a form of an entity shows and how. */
export interface FormClassOptions {
  /** Paths in the order of the form; all editable ones by default. Only these are ever read from input. */
  readonly fields?: readonly string[];
  /** Paths to leave out. */
  readonly exclude?: readonly string[];
  /** Paths to show as text; their input is ignored. */
  readonly readOnly?: readonly string[];
  /** Widgets by path. */
  readonly widgets?: Readonly<Record<string, Widget>>;
  /** The widget of relations that `widgets` does not name; undefined keeps the field's own. */
  readonly relationWidget?: (relation: RelationDescription) => Widget | undefined;
  /** Options by path over what the description says, or a whole field. */
  readonly overrides?: Readonly<Record<string, FieldOverrides | Field>>;
  readonly groups?: readonly FieldGroup[];
}

/** A form class for one entity. */
export type EntityFormClass<E extends object> = new (input?: EntityFormInput<E>) => EntityForm<E>;

/** What is made of a description once, for all forms of a class. */
interface Generated {
  readonly ofNew: ReadonlyMap<string, Field>;
  readonly ofRows: ReadonlyMap<string, Field>;
}

/**
 * Makes a form class of an entity. Extend it to add fields and hooks. A class is described when its first form is made,
 * by the database of that form, so that modules may declare forms before there is an application.
 * @throws UnknownFormFieldError for a path that the entity does not have or that cannot be entered: at once for a
 * description, with the first form for a class
 */
export function formClassFor<E extends object>(
  entity: Class<E> | EntityDescription<E>,
  options: FormClassOptions = {},
): EntityFormClass<E> {
  // By description: other applications of the process describe the same class anew.
  const made = new WeakMap<EntityDescription<E>, Generated>();
  class GeneratedForm extends EntityForm<E> {
    private described: EntityDescription<E> | undefined;

    protected override get description(): EntityDescription<E> {
      return (this.described ??= isClass(entity) ? this.services.describe(entity) : entity);
    }

    protected override declareFields(): ReadonlyMap<string, Field> {
      const { ofNew, ofRows } = generatedOf(made, this.description, options);
      return new Map([...(this.isNew ? ofNew : ofRows), ...super.declareFields()]);
    }

    protected override groups(): readonly FieldGroup[] {
      return options.groups ?? [];
    }
  }
  if (!isClass(entity)) generatedOf(made, entity, options);
  Object.defineProperty(GeneratedForm, 'name', { value: `${entity.name}Form` });
  return GeneratedForm;
}

function isClass<E extends object>(entity: Class<E> | EntityDescription<E>): entity is Class<E> {
  return typeof entity === 'function';
}

function generatedOf<E extends object>(
  made: WeakMap<EntityDescription<E>, Generated>,
  description: EntityDescription<E>,
  options: FormClassOptions,
): Generated {
  const known = made.get(description);
  if (known) return known;
  const ofNew = generateFields(description, options);
  const generated = { ofNew, ofRows: leaveEmpty(description, ofNew, options) };
  made.set(description, generated);
  return generated;
}

function generateFields(description: EntityDescription, options: FormClassOptions): ReadonlyMap<string, Field> {
  checkNames(description, options);
  const { exclude = [] } = options;
  const paths = (options.fields ?? editablePaths(description, options)).filter((path) => !exclude.includes(path));
  const made = paths.map((path) => [path, generateField(description, path, options)] as const);
  return new Map(made.filter((entry): entry is readonly [string, Field] => entry[1] !== undefined));
}

/** The same fields where there is a row already: what is never shown need not be entered again. */
function leaveEmpty(
  description: EntityDescription,
  generated: ReadonlyMap<string, Field>,
  { overrides = {} }: FormClassOptions,
): ReadonlyMap<string, Field> {
  const optional = (path: string): boolean => {
    const column = description.field(path);
    return column !== undefined && isWriteOnly(column) && overrides[path]?.required === undefined;
  };
  return new Map(
    [...generated].map(([path, field]) => [path, optional(path) ? field.with({ required: false }) : field]),
  );
}

function editablePaths(
  { fields, relations }: EntityDescription,
  { readOnly = [] }: FormClassOptions,
): readonly string[] {
  const entered = fields.filter(({ editable, path }) => editable || readOnly.includes(path));
  const related = relations.filter(({ editable, owning, path }) => (editable && owning) || readOnly.includes(path));
  return [...entered, ...related].map(({ path }) => path);
}

function generateField(description: EntityDescription, path: string, options: FormClassOptions): Field | undefined {
  const { readOnly = [], widgets = {}, overrides = {} } = options;
  const override = overrides[path];
  if (override instanceof Object && 'clean' in override) return override as Field;
  const relation = description.relation(path);
  const widget = widgets[path] ?? (relation && options.relationWidget?.(relation));
  const given = {
    ...override,
    ...(widget && { widget }),
    ...(readOnly.includes(path) && { readOnly: true }),
  };
  if (relation) return fieldForRelation(relation, given);
  return fieldFor(description, description.field(path)!, given);
}

/** A misspelt or forbidden name would silently leave a field out, or let one in. */
function checkNames(description: EntityDescription, options: FormClassOptions): void {
  const { fields = [], exclude = [], readOnly = [], widgets = {}, overrides = {}, groups = [] } = options;
  const known = [...description.fields, ...description.relations].map(({ path }) => path);
  const form = `${description.name}Form`;
  for (const path of [...fields, ...exclude, ...readOnly, ...Object.keys(widgets), ...Object.keys(overrides)])
    if (!known.includes(path)) throw new UnknownFormFieldError(form, path, didYouMean(path, known));
  for (const path of fields.filter((name) => !readOnly.includes(name)))
    if (
      (description.field(path) ?? description.relation(path))?.editable === false &&
      !(overrides[path] instanceof Object)
    )
      throw new UnknownFormFieldError(form, path, notEditable(description, path));
  for (const path of groups.flatMap((group) => group.fields))
    if (!known.includes(path)) throw new UnknownFormFieldError(form, path, didYouMean(path, known));
}

function notEditable(description: EntityDescription, path: string): string {
  const unread = description.field(path)?.selected === false;
  const hint = unread ? 'mark it @Field({ editable: true }) to let people set it' : 'list it in readOnly to show it';
  return `${path} is not editable${unread ? ', because of select: false' : ''}; ${hint}`;
}
