import { EntityForm, formClassFor, type EntityFormInput, type FormClassOptions } from '#forms';
import { type EntityDescription } from '#orm';

/** A form of one row in the admin: it can tell what its row held and what was entered, each as comparable text. */
export interface AdminForm extends EntityForm {
  /** The values before the input, by path. */
  loadedTexts(): Promise<ReadonlyMap<string, string>>;
  /** The values that were entered, by path; those that are not valid as they were typed. */
  enteredTexts(): Promise<ReadonlyMap<string, string>>;
  /** What an input would have to be set to, to show again what was entered; undefined when that cannot be. */
  entered(path: string): unknown;
  /** What was typed into a field, understood or not. */
  typed(path: string): unknown;
}

/** Makes the form class for the fields that one user may edit. */
export function adminFormClass(
  description: EntityDescription,
  options: FormClassOptions,
): new (input: EntityFormInput) => AdminForm {
  return class extends formClassFor(description, options) implements AdminForm {
    /** Secrets as well: the form shows none of them, but must know when somebody else has set one. */
    protected override isRead(): boolean {
      return true;
    }

    async loadedTexts(): Promise<ReadonlyMap<string, string>> {
      await this.load();
      const bindings = [...this.bindings.values()];
      return new Map(
        bindings.map(({ name, field, context }) => [name, comparable(field.trace(context.initial, context))]),
      );
    }

    async enteredTexts(): Promise<ReadonlyMap<string, string>> {
      await this.isValid();
      const bindings = [...this.bindings.values()].filter(({ field }) => !field.locked);
      return new Map(
        bindings.map(({ name, field, context, valid, value, shown }) => [
          name,
          comparable(valid ? field.trace(value, context) : shown),
        ]),
      );
    }

    entered(path: string): unknown {
      const bound = this.bindings.get(path);
      return bound?.valid && !isUpload(bound.value) ? bound.value : undefined;
    }

    typed(path: string): unknown {
      return this.bindings.get(path)?.shown;
    }
  };
}

/** Lists of keys have no order. */
function comparable(shown: unknown): string {
  return JSON.stringify(Array.isArray(shown) ? shown.map(String).sort() : (shown ?? ''));
}

function isUpload(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'open' in value && 'fileName' in value;
}
