import { type TemplateSource } from '../library/template-source.js';
import { TemplateSyntaxError } from '../templates.errors.js';

/**
 * Where in the markup a mustache stands, which decides what its value may be:
 * - `text`: element content or a quoted attribute; escaping is enough;
 * - `plain`: in a template of plain text, where nothing is escaped;
 * - `url`: the start of an attribute that holds an address; the scheme is checked as well;
 * - `tag`: between attributes; only safe markup or a bare word;
 * - `raw`: inside of a script or style element, where escaping protects nothing; refused;
 * - `unquoted`, `code`: an attribute without quotes, or one that holds code (`onclick`, `style`, `srcdoc`); refused.
 */
export type Place = 'text' | 'plain' | 'url' | 'tag' | 'raw' | 'unquoted' | 'code';

/** Attributes that hold an address. */
export const URL_ATTRIBUTES: ReadonlySet<string> = new Set(
  'href src action formaction poster cite background data ping manifest xlink:href'.split(' '),
);
/** Attributes that hold code or styles; templates never write values into them. */
export const CODE_ATTRIBUTE = /^(on.*|style|srcdoc)$/;

type Mode = 'content' | 'comment' | 'tag' | 'before-value' | 'quoted' | 'unquoted' | 'raw';

/** What the scanner knows at one character. */
interface State {
  readonly mode: Mode;
  /** Name of the current element, lower case. */
  readonly element: string;
  readonly attribute: string;
  readonly quote: string;
  /** Nothing has been written into the attribute's value yet. */
  readonly start: boolean;
}

const INITIAL: State = { mode: 'content', element: '', attribute: '', quote: '', start: true };

/** The place of every mustache of a template, by `line:column`. */
export function findPlaces(source: TemplateSource): ReadonlyMap<string, Place> {
  return new PlaceScanner(source).scan();
}

/** A block that was opened and not yet closed. */
interface OpenBlock {
  /** The state in which it started. */
  readonly state: State;
  /** Set where what is printed may come from another template. */
  readonly slot: string | undefined;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads markup once from start to end; each branch of a block starts in the state in which the block started. The
 * contents of a layout's blocks are read each by itself, for they are printed elsewhere.
 */
class PlaceScanner {
  private readonly places = new Map<string, Place>();
  private readonly text: string;
  /** A whole mustache: comments, triple braces, and arguments in quotes that may hold braces. */
  private readonly tag =
    /\{\{(?:!--[^]*?--~?\}\}|![^]*?\}\}|\{[^]*?\}\}\}|(?:"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[^"'])*?\}\})/y;
  private readonly outer: OpenBlock[] = [];
  private state = INITIAL;
  private offset = 0;
  private line = 1;
  private lineStart = 0;

  constructor(private readonly source: TemplateSource) {
    this.text = source.text;
  }

  scan(): ReadonlyMap<string, Place> {
    while (this.offset < this.text.length) {
      if (this.text.startsWith('\\{{', this.offset)) this.advance(3);
      else if (this.text.startsWith('{{', this.offset)) this.mustache();
      else this.markup();
    }
    return this.places;
  }

  private mustache(): void {
    this.tag.lastIndex = this.offset;
    const tag = this.tag.exec(this.text)?.[0];
    if (tag === undefined) {
      this.offset = this.text.length;
      return;
    }
    this.places.set(`${this.line}:${this.offset - this.lineStart + 1}`, placeOf(this.state));
    this.branch(tag);
    this.advance(tag.length);
  }

  private branch(tag: string): void {
    if (/^\{\{~?(#|\^[^~}\s])/.test(tag)) this.open(tag);
    else if (/^\{\{~?\//.test(tag)) this.close();
    else if (/^\{\{~?\s*(else\b|\^)/.test(tag)) this.state = this.outer.at(-1)?.state ?? this.state;
  }

  private open(tag: string): void {
    const slot = /^\{\{~?#\s*(block|content)\b/.exec(tag)?.[1];
    this.outer.push({ state: this.state, slot, line: this.line, column: this.offset - this.lineStart + 1 });
    if (slot === 'content') this.state = INITIAL;
  }

  /** What follows a block was read after its default, but may be printed after a content: both must end alike. */
  private close(): void {
    const opened = this.outer.pop();
    if (opened?.slot === undefined) return;
    const start = opened.slot === 'content' ? INITIAL : opened.state;
    if (this.state.mode !== start.mode || this.state.attribute !== start.attribute)
      throw new TemplateSyntaxError(
        `The {{#${opened.slot}}} ends in the middle of a tag or an element`,
        this.source,
        opened,
        {
          hint: 'Close in it every tag, comment, script and style that it opens, and no other',
        },
      );
    this.state = opened.state;
  }

  private markup(): void {
    const [state, length] = STEPS[this.state.mode](this.state, this.text, this.offset);
    this.state = state;
    this.advance(length);
  }

  private advance(length: number): void {
    for (let count = 0; count < length; count += 1) {
      if (this.text[this.offset] === '\n') {
        this.line += 1;
        this.lineStart = this.offset + 1;
      }
      this.offset += 1;
    }
  }
}

function placeOf({ mode, attribute, start }: State): Place {
  if (mode === 'raw' || mode === 'tag') return mode;
  if (mode === 'before-value' || mode === 'unquoted') return 'unquoted';
  if (mode !== 'quoted') return 'text';
  if (CODE_ATTRIBUTE.test(attribute)) return 'code';
  return start && URL_ATTRIBUTES.has(attribute) ? 'url' : 'text';
}

type Step = (state: State, text: string, offset: number) => readonly [next: State, length: number];

/** The state after the markup at the offset, and how many characters it took. */
const STEPS: Readonly<Record<Mode, Step>> = {
  content: stepContent,
  comment: (state, text, offset) => (text.startsWith('-->', offset) ? [{ ...state, mode: 'content' }, 3] : [state, 1]),
  raw: (state, text, offset) =>
    text.slice(offset, offset + state.element.length + 2).toLowerCase() === `</${state.element}`
      ? [{ ...state, mode: 'tag', element: '', attribute: '' }, state.element.length + 2]
      : [state, 1],
  tag: (state, text, offset) => [stepTag(state, text[offset]!), 1],
  'before-value': (state, text, offset) => [stepBeforeValue(state, text[offset]!), 1],
  quoted: (state, text, offset) => [
    text[offset] === state.quote ? { ...state, mode: 'tag', attribute: '' } : { ...state, start: false },
    1,
  ],
  unquoted: (state, text, offset) =>
    /[\s>]/.test(text[offset]!) ? [stepTag({ ...state, mode: 'tag', attribute: '' }, text[offset]!), 1] : [state, 1],
};

function stepContent(state: State, text: string, offset: number): readonly [State, number] {
  if (text[offset] !== '<') return [state, 1];
  if (text.startsWith('<!--', offset)) return [{ ...state, mode: 'comment' }, 4];
  const name = /^<\/?([a-zA-Z][^\s/>{]*)|^<\/?(?=\{\{)|^<!/.exec(text.slice(offset, offset + 64));
  if (!name) return [state, 1];
  return [{ ...state, mode: 'tag', element: (name[1] ?? '').toLowerCase(), attribute: '' }, name[0].length];
}

function stepTag(state: State, character: string): State {
  if (character === '>') return { ...state, mode: /^(script|style)$/.test(state.element) ? 'raw' : 'content' };
  if (character === '=') return { ...state, mode: 'before-value' };
  if (/[\s/]/.test(character)) return state.attribute === '' ? state : { ...state, attribute: '' };
  return { ...state, attribute: state.attribute + character.toLowerCase() };
}

function stepBeforeValue(state: State, character: string): State {
  if (character === '"' || character === "'") return { ...state, mode: 'quoted', quote: character, start: true };
  if (character === '>') return stepTag(state, character);
  return /\s/.test(character) ? state : { ...state, mode: 'unquoted' };
}

const REFUSALS: Partial<Record<Place, readonly [message: string, hint: string]>> = {
  raw: [
    'A value inside of a script or style element cannot be made safe',
    'Print data with {{json_script value "id"}} and read it from the script',
  ],
  unquoted: [
    'A value in an attribute without quotes cannot be made safe',
    'Put quotes around the value: attribute="{{value}}"',
  ],
  code: [
    'A value in an attribute that holds code cannot be made safe',
    'Use a class, a data attribute or a script file instead',
  ],
};

/** Refuses a mustache that prints where nothing can make its value safe. @throws TemplateSyntaxError */
export function refuseUnsafePlace(
  place: Place,
  source: TemplateSource,
  at: { readonly line: number; readonly column: number },
): void {
  const refusal = REFUSALS[place];
  if (refusal) throw new TemplateSyntaxError(refusal[0], source, at, { hint: refusal[1] });
}
