import { posix } from 'node:path';

const REFERENCE = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]+))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')/gi;
const COMMENT = /\/\*[\s\S]*?\*\//g;

/** What a stylesheet refers to, in its own directory's terms. */
export interface CssReference {
  /** As written. */
  readonly written: string;
  /** Name below the static prefix, without query and fragment. */
  readonly name: string;
}

/** The local files that a stylesheet refers to, by `url()` and `@import`. */
export function cssReferences(css: string, owner: string): readonly CssReference[] {
  return [...css.replace(COMMENT, '').matchAll(REFERENCE)].flatMap((match) => {
    const written = writtenIn(match);
    const name = localName(written, owner);
    return name === undefined ? [] : [{ written, name }];
  });
}

/** The stylesheet with other names: `rename` gets a file's name and returns its new one, or undefined to keep it. */
export function rewriteCss(css: string, owner: string, rename: (name: string) => string | undefined): string {
  return css.replace(REFERENCE, (...groups: (string | undefined)[]) => {
    const whole = groups[0]!;
    const written = groups.slice(1, 6).find((text) => text !== undefined)!;
    const name = localName(written, owner);
    const renamed = name === undefined ? undefined : rename(name);
    return renamed === undefined ? whole : whole.replace(written, withNewName(written, renamed));
  });
}

function writtenIn(match: RegExpMatchArray): string {
  return match.slice(1, 6).find((text) => text !== undefined) ?? '';
}

/** Undefined for addresses with a scheme, for absolute ones and for bare fragments. */
function localName(written: string, owner: string): string | undefined {
  const path = written.split(/[?#]/, 1)[0]!;
  if (path === '' || path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  const name = posix.join(posix.dirname(owner), path);
  return name.startsWith('..') ? undefined : name;
}

/** Only the last part changes: a hashed file lies beside its plain one. */
function withNewName(written: string, renamed: string): string {
  const [path = ''] = written.split(/[?#]/, 1);
  return (
    path.slice(0, path.length - posix.basename(path).length) + posix.basename(renamed) + written.slice(path.length)
  );
}
