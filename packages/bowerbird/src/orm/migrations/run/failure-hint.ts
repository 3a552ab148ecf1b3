import { extensionOf } from '../../describe/native-types.js';

/** PostgreSQL's words for a type that it does not know. */
const UNKNOWN_TYPE = /type "(\w+)" does not exist/;

/** What to do about a statement that failed: the extension that brings a missing type, where one does. */
export function failureHint(cause: unknown, statement: string): string {
  const type = cause instanceof Error ? UNKNOWN_TYPE.exec(cause.message)?.[1] : undefined;
  const extension = extensionOf(type);
  const told = `The statement was: ${statement}`;
  if (extension === undefined) return told;
  return `The type comes with the extension ${extension}: put ops.extension('${extension}') before it. ${told}`;
}
