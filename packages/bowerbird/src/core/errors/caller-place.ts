import { fileURLToPath } from 'node:url';

/** Frames to look at: many of them belong to libraries. */
const FRAMES = 80;

/** The place in a line of a stack; those of Node itself have no path that begins here. */
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*?:\d+:\d+)\)?$/;

/** The folder of this package. */
const OWN = fileURLToPath(import.meta.url).replace(/[\\/](src|dist)[\\/].*$/, '');

/** A stack that reaches back to whoever started the work. Its text is made when it is read first. */
export function captureStack(): Error {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const error = new Error('captured');
  Error.stackTraceLimit = before;
  return error;
}

/** The innermost line of the project's own code in a stack, as `file:line:column`; undefined when there is none. */
export function callerPlace({ stack = '' }: Error): string | undefined {
  return stack
    .split('\n')
    .slice(1)
    .map((line) => FRAME.exec(line)?.[1])
    .find((place) => place !== undefined && isOfProject(place))
    ?.replace(/^file:\/\//, '');
}

function isOfProject(place: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(place) && !place.replace(/^file:\/\//, '').startsWith(OWN);
}
