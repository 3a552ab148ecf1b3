/** Words that people write in capitals. */
const ACRONYMS = /^(id|ip|url|uri|html|json|xml|pdf|sku|isbn|uuid|api|vat)$/i;

/** What people read for a name in code: `inStock` is `In stock`, `HTMLPage` is `HTML page`. */
export function humanize(name: string): string {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .trim()
    .split(/\s+/)
    .map((word) => (/^[A-Z\d]{2,}$/.test(word) ? word : inSentence(word)));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function inSentence(word: string): string {
  return ACRONYMS.test(word) ? word.toUpperCase() : word.toLowerCase();
}

/** The English plural of a label, by its last letters. */
export function pluralize(label: string): string {
  if (/[^aeiou]y$/i.test(label)) return `${label.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/i.test(label) ? `${label}es` : `${label}s`;
}
