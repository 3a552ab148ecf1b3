import { type ParameterDescription, type ParameterReader } from '../filters/parameters.js';
import { type ApiFormat } from './api-format.js';

/** The parameter that names a format, for people, whose browsers say what they accept themselves. */
export const FORMAT = 'format';

/** How the formats of a list can be asked for in its address. */
export class FormatParameter implements ParameterReader {
  readonly parameters: readonly ParameterDescription[];

  constructor(formats: readonly ApiFormat[]) {
    const names = formats.map(({ name }) => name);
    const description = `The format of the answer, before what the Accept header says: ${names.join(', ')}.`;
    this.parameters = Object.freeze([{ name: FORMAT, description, schema: { enum: names } }]);
  }
}
