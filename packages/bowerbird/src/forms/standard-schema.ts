import { WHOLE_FORM } from './form-errors.js';
import { type FormInput } from './form-input.js';
import { type Form } from './form.js';
import { type Cleaned } from './form.types.js';

/** The interface by which libraries share validators; see https://standardschema.dev. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'bowerbird';
    readonly validate: (value: unknown) => Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output };
  };
}

/** Either the value or what is wrong. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly string[] }[] };

/** A form class as a Standard Schema validator of plain objects. */
export function standardSchema<F extends Form>(form: new (input?: FormInput) => F): StandardSchema<Cleaned<F>> {
  const validate = async (value: unknown): Promise<StandardResult<Cleaned<F>>> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { issues: [{ message: 'An object is expected' }] };
    const bound = new form({ data: value as Readonly<Record<string, unknown>> });
    return (await bound.isValid()) ? { value: bound.cleaned } : { issues: issuesOf(bound) };
  };
  return { '~standard': { version: 1, vendor: 'bowerbird', validate } };
}

function issuesOf({ errors }: Form): readonly { readonly message: string; readonly path?: readonly string[] }[] {
  return [...errors].flatMap(([field, issues]) =>
    issues.map(({ message }) => (field === WHOLE_FORM ? { message } : { message, path: field.split('.') })),
  );
}
