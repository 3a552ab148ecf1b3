import { Injectable } from '@nestjs/common';

import { type ActionDescription } from '../viewset/viewset-description.js';
import { type ApiFormat } from './api-format.js';
import { JsonFormat } from './json.format.js';

/** The formats in which documents can be written, the preferred one first. */
@Injectable()
export class Formats {
  private readonly all: readonly ApiFormat[];

  constructor(json: JsonFormat) {
    this.all = [json];
  }

  /** Those that an action can answer in; streams are for lists alone. */
  for({ standard }: Pick<ActionDescription, 'standard'>): readonly ApiFormat[] {
    return this.all.filter(({ streams }) => !streams || standard === 'list');
  }
}
