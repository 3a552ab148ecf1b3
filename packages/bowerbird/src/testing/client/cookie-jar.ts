/** The cookies that a server has set, as a browser keeps them for one host. */
export class CookieJar {
  private readonly cookies = new Map<string, string>();

  /** Takes over the `Set-Cookie` headers of a response; an expired cookie is forgotten. */
  store(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';');
      const [name = '', ...value] = pair.split('=');
      if (attributes.some(expired)) this.cookies.delete(name.trim());
      else this.cookies.set(name.trim(), value.join('='));
    }
  }

  get(name: string): string | undefined {
    return this.cookies.get(name);
  }

  set(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  delete(name: string): void {
    this.cookies.delete(name);
  }

  clear(): void {
    this.cookies.clear();
  }

  /** The `Cookie` header, or undefined when the jar is empty. */
  header(): string | undefined {
    return this.cookies.size === 0
      ? undefined
      : [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

function expired(attribute: string): boolean {
  const [name = '', value = ''] = attribute.trim().split('=');
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && new Date(value).getTime() <= 0;
}
