import { type HttpResponse } from '../http-request.js';

/** The part of Node's response that sends the head. */
type Heading = HttpResponse & { writeHead: (...args: unknown[]) => unknown };

/** Runs work just before the head of a response is sent, once: the last moment for headers and cookies. */
export function beforeHeaders(response: HttpResponse, work: () => void): void {
  const heading = response as Heading;
  const { writeHead } = heading;
  heading.writeHead = (...args: unknown[]) => {
    heading.writeHead = writeHead;
    work();
    return writeHead.apply(response, args);
  };
}
