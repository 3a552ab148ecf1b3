import { showValue } from '../text/show-value.js';
import { isDatabaseError, maskDatabaseText } from './database-text.js';
import { FrameworkError } from './framework.error.js';

const MOST_CAUSES = 8;

/**
 * A thrown value for the log: name, message, code, stack, the statement of a failed query and the causes. Other
 * properties are left out, because libraries put parameters, rows and headers there. Never throws.
 */
export function showThrown(thrown: unknown): string {
  try {
    return thrown instanceof Error ? showError(thrown, []) : `Thrown: ${showValue(thrown)}`;
  } catch {
    return `a value of type ${typeof thrown} that cannot be shown`;
  }
}

/** What an error says, without the values that a database quotes. */
export function shownMessage(error: Error): string {
  return isDatabaseError(error) ? maskDatabaseText(error.message) : error.message;
}

function showError(error: Error, before: readonly Error[]): string {
  const seen = [...before, error];
  const lines = [`${error.name}: ${shownMessage(error)}`, ...framesOf(error), ...details(error)];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]).slice(0, MOST_CAUSES) : [];
  for (const one of inner) lines.push(`  one of ${showInner(one, seen)}`);
  if (error.cause !== undefined && error.cause !== null) lines.push(`Caused by ${showInner(error.cause, seen)}`);
  return lines.join('\n');
}

function showInner(thrown: unknown, seen: readonly Error[]): string {
  if (!(thrown instanceof Error)) return showValue(thrown);
  if (seen.includes(thrown)) return `${thrown.name}, which is shown above`;
  return seen.length >= MOST_CAUSES ? `${thrown.name} and more` : showError(thrown, seen);
}

/** The lines of the stack without its first part, which repeats the message. */
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string') return [];
  const at = message === '' ? -1 : stack.indexOf(message);
  const rest = at < 0 ? stack : stack.slice(at + message.length);
  return rest.split('\n').filter((line) => /^\s+at /.test(line));
}

function details(error: Error): readonly string[] {
  const { code, query } = error as { readonly code?: unknown; readonly query?: unknown };
  const known = typeof code === 'string' || typeof code === 'number';
  return [
    ...(known ? [`  code: ${code}`] : []),
    ...(error instanceof FrameworkError && error.hint !== undefined ? [`  hint: ${error.hint}`] : []),
    ...(isDatabaseError(error) && typeof query === 'string' ? [`  statement: ${query}`] : []),
  ];
}
