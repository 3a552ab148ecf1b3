/** What a masked value looks like wherever it is shown. */
export const MASK = '********';

const SECRET_NAME =
  /pass(word|wd)?|secret|token|api[-_]?key|authorization|cookie|signature|credential|private|session/i;

/** Whether a name (setting, header, field, parameter) suggests that its value must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Hides the password and every parameter that looks secret in a URL; returns other text unchanged. */
export function maskUrl(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/@\s]*):[^@\s]*@/i, `$1:${MASK}@`)
    .replace(/([?&;])([^=&;]+)=([^&;]*)/g, (whole, mark: string, name: string) =>
      isSecretName(name) ? `${mark}${name}=${MASK}` : whole,
    );
}
