/** The words of a name in any spelling: `ProductReview`, `product-review` and `product_review` have the same two. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** `product-review`, as files are named. */
export function kebab(name: string): string {
  return wordsOf(name).join('-');
}

/** `product_review`, as apps are named. */
export function snake(name: string): string {
  return wordsOf(name).join('_');
}

/** `ProductReview`, as classes are named. Capitals inside of a name that has no separators stay: `URLShortener`. */
export function pascal(name: string): string {
  if (/^[A-Za-z\d]+$/.test(name)) return capitalized(name);
  return wordsOf(name).map(capitalized).join('');
}

/** `product review`, as people read it in the middle of a sentence. */
export function spoken(name: string): string {
  return wordsOf(name).join(' ');
}

/** The English plural of a spoken name, by its last letters. */
export function plural(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** `a product`, `an order`. */
export function withArticle(name: string): string {
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
