// oxlint-disable-next-line no-control-regex -- the range of ASCII
const ASCII = /^[\x00-\x7f]*$/;

const CASES = {
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
} as const;

/** The one letter whose small form is a single one in databases and two in JavaScript. */
const DOTTED_I = 'İ';

/**
 * A text in small or capital letters as databases write it: one letter for one. JavaScript makes two of some letters
 * (`ß` becomes `SS`), and another one of a sigma at the end of a word.
 */
export function inCase(letters: keyof typeof CASES, text: string): string {
  const change = CASES[letters];
  if (ASCII.test(text)) return change(text);
  return Array.from(text, (letter) => {
    if (letter === DOTTED_I && letters === 'lower') return 'i';
    const changed = change(letter);
    return Array.from(changed).length === 1 ? changed : letter;
  }).join('');
}
