import { quoted } from '../code/literals.js';
import { kebab, pascal } from '../names/words.js';
import { type ChoiceSpec } from './field-spec.js';

/** An enum of its own for the choices of a field. */
export interface EnumName {
  /** `ProductStatus` */
  readonly className: string;
  /** `product-status` */
  readonly file: string;
}

/** `ProductStatus` in `product-status.ts` for the field `status` of `Product`. */
export function enumName(entity: string, { name }: Pick<ChoiceSpec, 'name'>): EnumName {
  const className = `${entity}${pascal(name)}`;
  return { className, file: kebab(className) };
}

/** How a word is named in its enum. */
export function memberOf(value: string): string {
  return pascal(value);
}

/** The file of an enum. */
export function enumCode({ className }: EnumName, { values }: ChoiceSpec): string {
  const members = values.map((value) => `  ${memberOf(value)} = ${quoted(value)},\n`);
  return `export enum ${className} {\n${members.join('')}}\n`;
}
