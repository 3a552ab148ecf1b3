import { formClassFor, type BoundField, type EntityForm, type EntityFormInput, type FormClassOptions } from '#forms';
import { type EntityDescription } from '#orm';

import { ModelSerializer } from './model-serializer.js';
import { type InputContext } from './serializer-context.js';

/** What the form of a serializer is made with. */
export interface InputFormInput extends EntityFormInput {
  readonly context: InputContext;
  /** What is nested, by name; the serializer's `validate` sees it beside the fields. */
  readonly nested: Readonly<Record<string, unknown>>;
  /** Paths whose input is ignored. */
  readonly locked?: ReadonlySet<string>;
}

/** The class of the forms of a serializer. */
export type InputFormClass = new (input: InputFormInput) => EntityForm;

type FieldHook = (this: ModelSerializer, value: unknown, context: InputContext) => unknown;

/**
 * Makes the form that reads the input of a serializer: fields from the entity, and behind them the serializer's hooks
 * `validate<Field>` and `validate`. @param names names in documents by path
 */
export function inputFormFor(
  entity: EntityDescription,
  serializer: ModelSerializer,
  options: FormClassOptions,
  names: ReadonlyMap<string, string>,
): InputFormClass {
  const hooks = new Map<string, FieldHook | undefined>();
  const hookFor = (path: string): FieldHook | undefined => {
    if (hooks.has(path)) return hooks.get(path);
    const hook = (serializer as unknown as Record<string, unknown>)[validatorName(names.get(path) ?? path)];
    const found = typeof hook === 'function' ? (hook as FieldHook) : undefined;
    hooks.set(path, found);
    return found;
  };
  return class InputForm extends formClassFor(entity, options) {
    constructor(protected override readonly input: InputFormInput) {
      super(input);
    }

    protected override hookOf(path: string): ((value: unknown) => unknown) | undefined {
      const hook = hookFor(path);
      return hook && ((value) => hook.call(serializer, value, this.input.context));
    }

    /** What the user may not change is neither read nor required. */
    protected override isSkipped(bound: BoundField): boolean {
      return this.input.locked?.has(bound.name) || super.isSkipped(bound);
    }

    override clean(): void | Promise<void> {
      if (this.errors.size > 0 || serializer.validate === ModelSerializer.prototype.validate) return;
      const values = Object.entries(this.cleaned).map(([path, value]) => [names.get(path) ?? path, value] as const);
      return serializer.validate({ ...Object.fromEntries(values), ...this.input.nested }, this.input.context);
    }
  };
}

/** The method that checks one value: `validateTitle` for `title`, `validateAddressCity` for `address.city`. */
export function validatorName(name: string): string {
  const words = name.split('.').map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `validate${words.join('')}`;
}
