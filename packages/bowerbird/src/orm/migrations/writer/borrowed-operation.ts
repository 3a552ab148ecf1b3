import { Call } from '../operations/call.js';
import { Operation } from '../operations/operation.js';
import { type ProjectState } from '../state/project-state.js';
import { Verbatim } from './print.js';

/** The operations of `ops` that take functions, which cannot be printed. */
const WITH_CODE: readonly string[] = ['code', 'data'];

/** Whether an operation contains functions. */
export function carriesCode(operation: Operation): boolean {
  return containsCode(operation.call(''));
}

function containsCode({ callee, args }: Call): boolean {
  return WITH_CODE.includes(callee) || args.some((each) => each instanceof Call && containsCode(each));
}

/** An operation with code, as another file refers to it: `from0003.operations[1]!`. Only for writing. */
export class BorrowedOperation extends Operation {
  readonly title: string;
  readonly slug: string;

  constructor(
    private readonly operation: Operation,
    private readonly module: string,
    private readonly index: number,
  ) {
    super();
    this.title = operation.title;
    this.slug = operation.slug;
  }

  apply(state: ProjectState, app: string): ProjectState {
    return this.operation.apply(state, app);
  }

  call(): Call {
    return new Verbatim(`${this.module}.operations[${this.index}]!`);
  }
}
