/**
 * Turns passwords into text that can be stored. The text carries everything that is needed to verify it later: the
 * algorithm, its parameters and the salt, as a PHC string (`$scrypt$ln=15,r=8,p=3$salt$hash`).
 */
export abstract class PasswordHasher {
  /** Identifier at the start of the encoded text, without dollar signs: `scrypt`. */
  abstract readonly algorithm: string;

  /** Encodes a password with a new salt and the configured parameters. */
  abstract hash(password: string): Promise<string>;

  /** Whether the password is the one that was encoded; false for text that this hasher cannot read. */
  abstract verify(password: string, encoded: string): Promise<boolean>;

  /** Whether the text was made with other parameters than the configured ones. */
  abstract needsRehash(encoded: string): boolean;

  /** Does the work by which verifying the text fell short of the configured parameters, so that both take as long. */
  abstract makeUpFor(password: string, encoded: string): Promise<void>;

  /** Problems that keep the hasher from working, such as a missing package; called by the checks at boot. */
  async problems(): Promise<readonly string[]> {
    return [];
  }

  /** Warnings on parameters that are weaker than recommended; called by the checks at boot. */
  weaknesses(): readonly string[] {
    return [];
  }
}

/** The algorithm named at the start of an encoded password, or undefined when the text is none. */
export function algorithmOf(encoded: string): string | undefined {
  return /^\$([a-z0-9-]{1,32})\$/.exec(encoded)?.[1];
}
