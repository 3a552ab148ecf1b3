import { escapeText } from '../errors/escape.js';

const WORDS =
  'abstract as async await break case catch class const constructor continue declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface let new null of override private protected public readonly return satisfies set static super switch this throw true try type typeof undefined var void while yield';
const KEYWORDS: ReadonlySet<string> = new Set(WORDS.split(' '));

const TOKEN =
  /(?<comment>\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*.*$)|(?<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)|(?<decorator>@[A-Za-z_$][\w$]*)|(?<number>\b\d[\d_.]*\w*\b)|(?<word>[A-Za-z_$][\w$]*)/g;

/** One line of TypeScript or JavaScript as HTML with marked tokens. A tint, not a parser: each line stands alone. */
export function highlightLine(line: string): string {
  let html = '';
  let end = 0;
  for (const match of line.matchAll(TOKEN)) {
    html += escapeText(line.slice(end, match.index)) + token(match[0], match.groups!);
    end = match.index + match[0].length;
  }
  return html + escapeText(line.slice(end));
}

function token(text: string, groups: Readonly<Record<string, string | undefined>>): string {
  const kind = groups.word === undefined ? kindOf(groups) : wordKind(text);
  return kind === undefined ? escapeText(text) : `<i class="t-${kind}">${escapeText(text)}</i>`;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  return ['comment', 'string', 'decorator', 'number'].find((name) => groups[name] !== undefined);
}

function wordKind(word: string): string | undefined {
  if (KEYWORDS.has(word)) return 'keyword';
  return /^[A-Z]/.test(word) ? 'class' : undefined;
}
