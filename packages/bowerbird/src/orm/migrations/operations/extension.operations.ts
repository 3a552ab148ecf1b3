import { quoteName } from '../schema/literals.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { sql, type Step } from '../schema/step.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation, type Direction, type OperationPlace } from './operation.js';
import { slug } from './slug.js';

/**
 * Has PostgreSQL load an extension, unless it is there. Other databases have none, so nothing happens there. Going back
 * leaves it: others may use it.
 */
export class CreateExtension extends Operation {
  constructor(readonly name: string) {
    super();
  }

  get title(): string {
    return `Create extension ${this.name}`;
  }

  get slug(): string {
    return `extension_${slug(this.name)}`;
  }

  apply(state: ProjectState): ProjectState {
    return state;
  }

  call(): Call {
    return new Call('extension', [this.name]);
  }

  override steps(_place: OperationPlace, { dialect }: SchemaEditor, direction: Direction): readonly Step[] {
    if (dialect !== 'postgres' || direction === 'backward') return [];
    return [sql(`CREATE EXTENSION IF NOT EXISTS ${quoteName('postgres', this.name)}`)];
  }
}
