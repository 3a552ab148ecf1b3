import { fileURLToPath } from 'node:url';

/** Whose code a frame runs. */
export type FrameOrigin = 'application' | 'framework' | 'library' | 'node';

/** One line of a stack. */
export interface StackFrame {
  /** Function, or an empty text at the top of a module. */
  readonly name: string;
  /** Absolute path, or a name such as `node:fs`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly origin: FrameOrigin;
}

const WITH_NAME = /^\s*at (.+?) \((.+):(\d+):(\d+)\)$/;
const WITHOUT_NAME = /^\s*at (?:async )?(.+):(\d+):(\d+)$/;

/** The folder of the framework's own files. */
const FRAMEWORK = fileURLToPath(new URL('../../', import.meta.url));

/** The frames of a V8 stack, the innermost first. */
export function parseStack(stack: string | undefined): readonly StackFrame[] {
  return (stack ?? '').split('\n').flatMap((line) => {
    const named = WITH_NAME.exec(line);
    if (named) return frame(named[1]!, named[2]!, named[3]!, named[4]!);
    const bare = WITHOUT_NAME.exec(line);
    return bare ? frame('', bare[1]!, bare[2]!, bare[3]!) : [];
  });
}

function frame(name: string, place: string, line: string, column: string): StackFrame[] {
  const file = place.startsWith('file://') ? fileURLToPath(place) : place;
  return [{ name, file, line: Number(line), column: Number(column), origin: originOf(file) }];
}

function originOf(file: string): FrameOrigin {
  if (file.startsWith('node:') || !/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return 'node';
  if (/[\\/]node_modules[\\/]/.test(file)) return 'library';
  return file.startsWith(FRAMEWORK) ? 'framework' : 'application';
}
