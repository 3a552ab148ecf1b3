import type Tokens from 'csrf';

/** Most tokens that are known: scripts of a page send the same one with each request. */
const MOST_KNOWN = 1_000;

/**
 * Tells whether tokens belong to secrets, and remembers those that do: the library compares them in a time that says
 * nothing about them, which takes longer than the rest of what is done about forged requests.
 */
export class TokenProofs {
  private readonly known = new Set<string>();

  constructor(private readonly tokens: Tokens) {}

  holds(secret: string, token: string): boolean {
    const pair = `${secret} ${token}`;
    if (this.known.has(pair)) return true;
    if (!this.tokens.verify(secret, token)) return false;
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.add(pair);
    return true;
  }
}
