/** What a masked value looks like wherever it is shown. */
export const MASK = '********';

const SECRET_NAME =
  /pass(word|wd)?|pwd|secret|token|api[-_]?key|authorization|cookie|signature|credential|private|session/i;

/** Whether a name (setting, header, field, parameter) suggests that its value must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A text that is an address as a whole may have white space in its password. */
const WHOLE = /^([a-z][a-z0-9+.-]*:\/\/)(.+)$/is;
const INSIDE = /([a-z][a-z0-9+.-]*:\/\/)(\S+)/gi;

/** Hides the password and every parameter that looks secret in each URL of a text; returns other text unchanged. */
export function maskUrl(text: string): string {
  return text
    .replace(WHOLE.test(text) ? WHOLE : INSIDE, (_, scheme: string, rest: string) => {
      const found = passwordIn(rest);
      return found ? `${scheme}${rest.slice(0, found.start)}${MASK}${rest.slice(found.end)}` : scheme + rest;
    })
    .replace(/([?&;\s]|^)([^=?&;\s]+)=([^&;\s]*)/g, (whole, mark: string, name: string) =>
      isSecretName(name) ? `${mark}${name}=${MASK}` : whole,
    );
}

/** The password of a URL as written, not decoded; undefined where it has none. */
export function urlPassword(url: string): string | undefined {
  const rest = WHOLE.exec(url)?.[2] ?? '';
  const found = passwordIn(rest);
  return found && rest.slice(found.start, found.end);
}

/**
 * Where the password lies in what follows `scheme://`. It ends at the last `@` of the authority, because people write
 * an `@` of their password as it is; and where the authority has none, at the last `@` at all, for they do the same
 * with `/`, `?` and `#`. Digits alone are a port.
 */
function passwordIn(rest: string): { readonly start: number; readonly end: number } | undefined {
  const authority = /^[^/?#]*/.exec(rest)![0];
  const colon = authority.indexOf(':');
  const end = authority.includes('@') ? authority.lastIndexOf('@') : rest.lastIndexOf('@');
  if (colon < 0 || end <= colon) return undefined;
  const port = !authority.includes('@') && /^\d*$/.test(authority.slice(authority.lastIndexOf(':') + 1));
  return port ? undefined : { start: colon + 1, end };
}
