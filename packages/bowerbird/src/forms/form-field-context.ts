import { type EntityDescription } from '#orm';

import { type Field, type FieldContext } from './fields/field.js';
import { type FormServices } from './form-services.js';

/** What the fields of one form share. */
export interface FieldHolder {
  readonly services: FormServices;
  readonly instance: object | null;
  readonly description: EntityDescription | null;
  initialOf(name: string, field: Field): unknown;
  postponing(name: string, field: Field): FieldContext['postpone'];
}

/** What one field of a form may ask of it; most fields ask for little, so that all is worked out when it is asked for. */
export class FormFieldContext implements FieldContext {
  constructor(
    private readonly holder: FieldHolder,
    private readonly name: string,
    private readonly field: Field,
  ) {}

  get services(): FormServices {
    return this.holder.services;
  }

  get instance(): object | null {
    return this.holder.instance;
  }

  get description(): EntityDescription | null {
    return this.holder.description;
  }

  get initial(): unknown {
    return this.holder.initialOf(this.name, this.field);
  }

  get postpone(): FieldContext['postpone'] {
    return this.holder.postponing(this.name, this.field);
  }
}
