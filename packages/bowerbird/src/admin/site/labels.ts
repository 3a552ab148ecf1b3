/** A label at the start of a line or a column: `e-mail address` → `E-mail address`. */
export function heading(label: string): string {
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** A label inside of a sentence: `Blog post` → `blog post`, `API key` stays. */
export function noun(label: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** `unitPrice` as people read it: `Unit price`. */
export function labelFrom(name: string): string {
  const words = name
    .replaceAll(/[._-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .trim()
    .toLowerCase();
  return heading(words);
}
