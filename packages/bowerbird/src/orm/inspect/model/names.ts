/** Names that the written files import, and words that no class can be called. */
const TAKEN_CLASSES: ReadonlySet<string> = new Set(
  (
    'App Array Boolean Buffer Check Column Date Entity Error Exclusion Field Function Generated Index JoinColumn JoinTable JSON ' +
    'ManyToMany ManyToOne Map Math Meta Migration Module Number Object OneToMany OneToOne PrimaryColumn ' +
    'PrimaryGeneratedColumn Promise Proxy Reflect RegExp Relation Set String Symbol Unique UpdateDateColumn WeakMap'
  ).split(' '),
);

/** What a row has by itself, and what makes others take it for something else. */
const TAKEN_PROPERTIES: ReadonlySet<string> = new Set([
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'prototype',
  'then',
  'toJSON',
  'toLocaleString',
  'toString',
  'valueOf',
]);

const IRREGULAR: readonly (readonly [one: string, many: string])[] = [
  ['person', 'people'],
  ['child', 'children'],
  ['woman', 'women'],
  ['man', 'men'],
];

/** The words of a name: at spaces, marks, and where small letters meet great ones. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFC')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

function capital(word: string): string {
  const [first = '', ...rest] = Array.from(word);
  const shout = rest.length > 0 && word === word.toUpperCase() && /\p{Lu}/u.test(word);
  return first.toUpperCase() + (shout ? rest.join('').toLowerCase() : rest.join(''));
}

/** `film_category` as a class: `FilmCategory`. What has no letters becomes `Table`. */
export function className(table: string): string {
  const words = wordsOf(table);
  const last = words.at(-1);
  const name = [...words.slice(0, -1), ...(last === undefined ? [] : [singular(last)])].map(capital).join('');
  const usable = name === '' ? 'Table' : startsWithDigit(name) ? `Table${name}` : name;
  return TAKEN_CLASSES.has(usable) ? `${usable}Row` : usable;
}

/** `crm` as the module of an app: `CrmModule`. */
export function moduleName(app: string): string {
  return `${wordsOf(app).map(capital).join('')}Module`;
}

/** `release_year` as a property: `releaseYear`. What has no letters becomes `column`. */
export function propertyName(column: string): string {
  const [first = '', ...rest] = wordsOf(column);
  const name = first.toLowerCase() + rest.map(capital).join('');
  if (name === '') return 'column';
  if (startsWithDigit(name)) return `column${name}`;
  return TAKEN_PROPERTIES.has(name) ? `${name}Value` : name;
}

/** The property of a reference: the column's name without `id` at its end, or undefined where it has none. */
export function referenceName(column: string): string | undefined {
  const words = wordsOf(column);
  if (words.length < 2 || !/^(id|fk|key|uuid)$/i.test(words.at(-1)!)) return undefined;
  return propertyName(words.slice(0, -1).join('_'));
}

/** `PG-13` as a member of an enum: `PG13`; `on hold` is `OnHold`. */
export function memberName(value: string): string {
  const words = value.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (name === '') return value === '' ? 'Empty' : 'Value';
  return startsWithDigit(name) ? `Value${name}` : name;
}

/** `FilmCategory` as the name of a file: `film-category`, in letters that every file system has. */
export function fileName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const file = wordsOf(plain)
    .map((word) => word.toLowerCase().replace(/[^a-z\d]/g, ''))
    .filter((word) => word !== '')
    .join('-');
  return file === '' ? 'entity' : file;
}

/** `city` as many: `cities`; by the last letters of an English word. */
export function pluralName(name: string): string {
  const [one, many] = IRREGULAR.find(([word]) => name.toLowerCase().endsWith(word)) ?? [];
  if (one && many) return `${name.slice(0, -one.length)}${matchCase(many, name.at(-one.length)!)}`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

function singular(word: string): string {
  const [one, many] = IRREGULAR.find(([, plural]) => word.toLowerCase() === plural) ?? [];
  if (one && many) return matchCase(one, word.charAt(0));
  if (/(ss|us|is|news|series|species)$/i.test(word) || word.length < 4) return word;
  if (/ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/i.test(word)) return word.slice(0, -2);
  return word.replace(/s$/i, '');
}

function matchCase(word: string, like: string): string {
  return like === like.toUpperCase() ? capital(word) : word;
}

function startsWithDigit(name: string): boolean {
  return /^\p{N}/u.test(name);
}

/** Gives out names of which no two are the same, small and great letters alike. */
export class NamePool {
  private readonly taken = new Set<string>();

  /** The first of these names that is free, else the last one with a number. */
  take(...wanted: readonly string[]): string {
    const free = wanted.find((name) => !this.taken.has(name.toLowerCase()));
    const name = free ?? this.numbered(wanted.at(-1)!);
    this.taken.add(name.toLowerCase());
    return name;
  }

  private numbered(name: string): string {
    let number = 2;
    while (this.taken.has(`${name}${number}`.toLowerCase())) number += 1;
    return `${name}${number}`;
  }
}
