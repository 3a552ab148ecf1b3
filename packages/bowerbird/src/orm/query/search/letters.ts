/** Letters that have more forms than the small one and what JavaScript's `toUpperCase` makes of it. */
const FORMS: Readonly<Record<string, string>> = {
  σ: 'Σσς',
  θ: 'Θθϴ',
  ß: 'ẞß',
  ǆ: 'Ǆǅǆ',
  ǉ: 'Ǉǈǉ',
  ǌ: 'Ǌǋǌ',
  ǳ: 'Ǳǲǳ',
};

/** How far capital letters of Greek with an iota below stand behind the small ones; two letters to `toUpperCase`. */
const IOTAS = [8, 9] as const;

/** A character without its case: its small form, where that is one character. Both small sigmas are one. */
export function folded(character: string): string {
  const small = character.toLowerCase();
  if (small === 'ς') return 'σ';
  return isOne(small) ? small : character;
}

/** Every form of a character in which it counts as the same. Accents are never left out. */
export function formsOf(character: string): readonly string[] {
  const small = folded(character);
  const code = small.codePointAt(0)!;
  const titles = IOTAS.map((distance) => String.fromCodePoint(code + distance));
  const forms = [character, small, small.toUpperCase(), ...Array.from(FORMS[small] ?? ''), ...titles];
  return [...new Set(forms)].filter((form) => isOne(form) && folded(form) === small);
}

function isOne(text: string): boolean {
  return Array.from(text).length === 1;
}
