import { checkedProperty } from '../names/checked-names.js';
import { SchematicError } from '../schematic-error.js';
import { FIELD_ALIASES, FIELD_KINDS, type FieldKind } from './field-kinds.js';

/** The three kinds of relation that a generated entity may own. */
export type RelationType = 'relation' | 'one' | 'many';

interface Named {
  readonly name: string;
  readonly optional: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  /** What the field is where nobody says, as it was typed. */
  readonly fallback?: string;
}

/** A field with a value of its own. */
export interface ValueSpec extends Named {
  readonly is: 'value';
  readonly kind: FieldKind;
  readonly args: readonly string[];
}

/** A field with one of several words. */
export interface ChoiceSpec extends Named {
  readonly is: 'choice';
  readonly values: readonly string[];
}

/** A reference to another entity. */
export interface RelationSpec extends Named {
  readonly is: 'relation';
  readonly relation: RelationType;
  /** `Category`, or `blog.Post`. */
  readonly target: string;
}

/** A field as somebody asks for it: `price:decimal(8,2):optional`. */
export type FieldSpec = ValueSpec | ChoiceSpec | RelationSpec;

const RELATIONS: ReadonlySet<string> = new Set(['relation', 'one', 'many']);
const MODIFIERS: ReadonlySet<string> = new Set(['optional', 'unique', 'index', 'default']);

/** Reads fields. @throws SchematicError that names the field and what may stand there */
export function parseFields(texts: readonly string[]): readonly FieldSpec[] {
  const fields = texts.map(parseField);
  const twice = fields.find(({ name }, index) => fields.findIndex((other) => other.name === name) < index);
  if (twice) throw new SchematicError(`The field "${twice.name}" is given twice`);
  return fields;
}

function parseField(text: string): FieldSpec {
  const [name = '', type = 'string', ...rest] = splitOutside(text, ':').map((part) => part.trim());
  const named = { name: checkedProperty(name) };
  const [word, inside] = called(type, text);
  const split = rest.findIndex((part) => MODIFIERS.has(called(part, text)[0]));
  // `category:relation:Category` for shells that take parentheses for themselves.
  const loose = rest.slice(0, split === -1 ? rest.length : split);
  const args = [...inside, ...loose];
  const modified = { ...named, ...modifiersOf(rest.slice(loose.length), text) };
  if (word === 'enum') return choiceOf(modified, args, text);
  if (RELATIONS.has(word)) return relationOf(modified, word as RelationType, args, text);
  return valueOf(modified, FIELD_ALIASES[word] ?? word, args, text);
}

function valueOf(named: Named, type: string, args: readonly string[], text: string): ValueSpec {
  if (!Object.hasOwn(FIELD_KINDS, type)) {
    const known = [...Object.keys(FIELD_KINDS), 'enum(a,b)', 'relation(Entity)', 'one(Entity)', 'many(Entity)'];
    throw problem(text, `there is no type "${type}"`, `Types: ${known.join(', ')}`);
  }
  const kind = FIELD_KINDS[type]!;
  const { most, pattern, what } = kind.args ?? { most: 0, pattern: /^$/, what: '' };
  if (args.length > most || args.some((each) => !pattern.test(each))) {
    throw problem(
      text,
      most === 0 ? `"${type}" takes nothing in parentheses` : `"${type}" takes ${what}, at most ${most}`,
    );
  }
  if (named.fallback !== undefined && kind.fallback?.test(named.fallback) !== true) {
    throw problem(text, `"${named.fallback}" is no default for "${type}"`);
  }
  return { ...named, is: 'value', kind, args };
}

function choiceOf(named: Named, values: readonly string[], text: string): ChoiceSpec {
  if (
    values.length === 0 ||
    new Set(values).size < values.length ||
    values.some((each) => !/^[a-z][\w-]{0,49}$/i.test(each))
  ) {
    throw problem(text, 'an enum needs different words', 'status:enum(draft,published)');
  }
  if (named.fallback !== undefined && !values.includes(named.fallback)) {
    throw problem(text, `the default "${named.fallback}" is none of its words`);
  }
  return { ...named, is: 'choice', values };
}

function relationOf(named: Named, relation: RelationType, args: readonly string[], text: string): RelationSpec {
  const [target = ''] = args;
  if (args.length !== 1 || !/^([a-z]\w*\.)?[A-Z][A-Za-z\d]*$/.test(target)) {
    throw problem(
      text,
      'a relation needs the class of an entity',
      'category:relation(Category), or relation(blog.Post)',
    );
  }
  const wrong = (['unique', 'index', 'fallback'] as const).find(
    (each) => named[each] !== undefined && named[each] !== false,
  );
  if (wrong) throw problem(text, `a relation takes "optional" alone`, wrong === 'unique' ? 'Write one(…)' : undefined);
  return { ...named, is: 'relation', relation, target };
}

function modifiersOf(parts: readonly string[], text: string): Omit<Named, 'name'> {
  const found = { optional: false, unique: false, index: false };
  let fallback: string | undefined;
  const rest = [...parts];
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    const [word, inside] = called(part, text);
    // `default:draft` for shells that take parentheses for themselves.
    const args = word === 'default' && inside.length === 0 ? rest.splice(0, 1) : inside;
    if (word === 'default' && args.length === 1) fallback = args[0]!;
    else if (Object.hasOwn(found, word) && args.length === 0) found[word as keyof typeof found] = true;
    else throw problem(text, `"${part}" says nothing about a field`, 'optional, unique, index, default(value)');
  }
  return { ...found, ...(fallback !== undefined && { fallback }) };
}

/** `decimal(8,2)` as its word and what stands in parentheses. */
function called(part: string, text: string): readonly [string, readonly string[]] {
  const match = /^([\w-]+)(?:\((.*)\))?$/.exec(part);
  if (!match) {
    if (/^[\w.-]+$/.test(part)) return [part, []];
    throw problem(text, `"${part}" cannot be read`, 'name:type(arguments):modifier');
  }
  const inside = match[2]?.split(',').map((each) => each.trim());
  return [match[1]!, inside ?? []];
}

function splitOutside(text: string, separator: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

function problem(text: string, what: string, hint?: string): SchematicError {
  return new SchematicError(`Field "${text}": ${what}`, hint);
}
