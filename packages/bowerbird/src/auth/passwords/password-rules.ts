import { COMMON_PASSWORDS } from './common-passwords.js';
import { PasswordRule, type PasswordOwner } from './password-rule.js';

/** Longest password that is worked on, in characters; a limit for the machine, not a rule for people. */
export const MAX_PASSWORD_LENGTH = 1024;

class LengthRule extends PasswordRule {
  readonly help: string;

  constructor(private readonly least: number) {
    super();
    this.help = `Use at least ${least} characters.`;
  }

  check(password: string): string | undefined {
    const length = Array.from(password).length;
    if (length < this.least) return `This password is too short. Use at least ${this.least} characters.`;
    return length > MAX_PASSWORD_LENGTH
      ? `This password is too long. Use at most ${MAX_PASSWORD_LENGTH} characters.`
      : undefined;
  }
}

class NumericRule extends PasswordRule {
  readonly help = 'Use more than digits.';

  check(password: string): string | undefined {
    return /^\p{Nd}+$/u.test(password) ? 'This password is only digits.' : undefined;
  }
}

class CommonRule extends PasswordRule {
  readonly help = 'Avoid passwords that many people use.';
  private readonly known: ReadonlySet<string>;

  constructor(words: Iterable<string>) {
    super();
    this.known = new Set([...words].map((word) => word.toLowerCase()));
  }

  check(password: string): string | undefined {
    return spellings(password).some((spelling) => this.known.has(spelling))
      ? 'This password is too common.'
      : undefined;
  }
}

class SimilarityRule extends PasswordRule {
  readonly help = 'Do not build it from your name or e-mail address.';

  constructor(private readonly most: number) {
    super();
  }

  check(password: string, owner: PasswordOwner = {}): string | undefined {
    const subject = password.toLowerCase();
    for (const [label, text] of traits(owner))
      if (similarity(subject, text.toLowerCase()) >= this.most) return `This password is too similar to your ${label}.`;
    return undefined;
  }
}

/** The rules that come with the framework, for `settings.auth.passwordRules`. */
export const passwordRules = {
  /** At least so many characters; 8 unless said otherwise. */
  length: (least = 8): PasswordRule => new LengthRule(least),
  /** Not digits alone. */
  notNumeric: (): PasswordRule => new NumericRule(),
  /** None of the well-known passwords, nor one of them with digits or signs at its end or letters replaced by them. */
  notCommon: (words: Iterable<string> = COMMON_PASSWORDS): PasswordRule => new CommonRule(words),
  /** Not like the owner's name or e-mail address; a share of equal characters from 0.1 to 1, 0.7 unless said otherwise. */
  notSimilar: (most = 0.7): PasswordRule => new SimilarityRule(most),
} as const;

/** The names by which a common password may hide: as typed, without its tail, with signs read as letters. */
function spellings(password: string): readonly string[] {
  const typed = password.toLowerCase();
  const bare = typed.replace(/\d{0,4}[^\p{L}\p{N}]{0,3}$/u, '');
  const tailless = bare.replace(/\d{1,4}$/, '');
  const forms = [typed, bare, tailless].filter((form) => form.length >= 3);
  return [...new Set([...forms, ...forms.map(unmask)])];
}

const MASKED: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '+': 't',
};

function unmask(text: string): string {
  return text.replace(/[0134578@$!+]/g, (sign) => MASKED[sign]!);
}

function traits({ email, firstName, lastName }: PasswordOwner): (readonly [label: string, text: string])[] {
  const parts = (label: string, text: string | undefined) =>
    text
      ? [text, ...text.split(/[\W_]+/u)].filter((part) => part.length >= 3).map((part) => [label, part] as const)
      : [];
  return [...parts('e-mail address', email), ...parts('first name', firstName), ...parts('last name', lastName)];
}

/**
 * Share of characters that two texts have in common, order ignored: 0 to 1. Texts of very different length are
 * unlike at once, as a short name in a long passphrase does no harm.
 */
function similarity(left: string, right: string): number {
  if (left.length >= 10 * right.length) return 0;
  const counts = new Map<string, number>();
  for (const character of right) counts.set(character, (counts.get(character) ?? 0) + 1);
  let common = 0;
  for (const character of left) {
    const count = counts.get(character) ?? 0;
    if (count > 0) common += 1;
    counts.set(character, count - 1);
  }
  return (2 * common) / (Array.from(left).length + Array.from(right).length);
}
