import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LOCALE, runWith } from '#core';

import { type Helper } from './compile/helper.js';
import { CompilingRenderer } from './compiling-renderer.js';
import { HandlebarsParser } from './drivers/handlebars.driver.js';
import { builtInHelpers } from './helpers/built-in-helpers.js';
import { IntlFormats } from './helpers/intl-formats.js';
import { TemplateLibrary } from './library/template-library.js';
import { html, safeHtml, toHtml } from './safe-html.js';
import { type TemplateContextProvider } from './template-contributions.js';
import { type TemplateError } from './templates.errors.js';

const TEST_HELPERS: Readonly<[string, Helper]>[] = [
  [
    'panel',
    {
      requires: 0,
      call: (_, { block, inverse, hash }) => html`<b>${hash['title']}</b>${block!({ inner: 'x&y' })}${inverse!()}`,
    },
  ],
  ['shout', { requires: 0, call: ([text]) => `${text as string}!` }],
  [
    'fails',
    {
      requires: 0,
      call: () => {
        throw new Error('no luck');
      },
    },
  ],
];

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, `${name}.hbs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function renderer(
  options: { strict?: boolean; reload?: boolean; contexts?: readonly TemplateContextProvider[]; roots?: string[] } = {},
): CompilingRenderer {
  const { strict = true, reload = false, contexts = [], roots = [''] } = options;
  const parts = {
    parser: new HandlebarsParser(),
    library: new TemplateLibrary(
      roots.map((path) => ({ prefix: '', url: pathToFileURL(`${join(directory, path)}/`), library: false })),
    ),
    helpers: new Map([...builtInHelpers(new IntlFormats('en-US', 'UTC')), ...TEST_HELPERS]),
    contexts,
  };
  return new CompilingRenderer(() => parts, { strict, reload });
}

async function render(text: string, model: object = {}, files: Record<string, string> = {}): Promise<string> {
  write({ page: text, ...files });
  return renderer().render('page', model);
}

async function failure(text: string, model: object = {}, files: Record<string, string> = {}): Promise<TemplateError> {
  return render(text, model, files).then(
    (output) => expect.fail(`rendered ${output}`),
    (error: TemplateError) => error,
  );
}

describe('plain text', () => {
  const text = async (source: string, model: object, files: Record<string, string> = {}) => {
    write({ 'mail/hello.txt': source, ...files });
    return renderer().render('mail/hello.txt', model);
  };

  it('is what templates make whose names end with .txt: nothing is escaped', async () => {
    expect(await text('Hi {{name}},\n{{#each lines}}* {{this}}\n{{/each}}', { name: 'A & "B"', lines: ['<1>'] })).toBe(
      'Hi A & "B",\n* <1>\n',
    );
    expect(await text('<a href={{url}} {{url}}>{{join list}}', { url: 'javascript:1', list: ['<', '&'] })).toBe(
      '<a href=javascript:1 javascript:1><, &',
    );
  });

  it('takes parts of plain text alone, and gives none to markup', async () => {
    const files = { 'mail/sign.txt': '-- {{who}}', 'mail/part': '<b>{{who}}</b>' };
    expect(await text('{{> mail/sign.txt}}', { who: '<me>' }, files)).toBe('-- <me>');
    await expect(text('{{> mail/part}}', { who: 'x' }, files)).rejects.toThrow('"mail/part" is of markup');
    expect((await failure('{{> mail/sign.txt}}', { who: 'x' }, files)).code).toBe('templates.syntax');
    expect((await failure('{{> (lookup this "of")}}', { of: 'mail/sign.txt' }, files)).message).toContain('plain text');
  });

  it('and markup may say so in their names', async () => {
    write({ 'mail/hello.html': '{{name}}', 'mail/hello.subject.txt': '{{name}}' });
    expect(renderer().names()).toEqual(['mail/hello.html', 'mail/hello.subject.txt']);
    expect(await renderer().render('mail/hello.html', { name: '<' })).toBe('&lt;');
    expect(await renderer().render('mail/hello.subject.txt', { name: '<' })).toBe('<');
  });
});

describe('variables', () => {
  it.each([
    ['{{a}}', { a: '<b>"\'&' }, '&lt;b&gt;&quot;&#39;&amp;'],
    ['{{a.b.c}}', { a: { b: { c: 1 } } }, '1'],
    ['{{a}}|{{b}}|{{c}}', { a: 0, b: false, c: 10n }, '0|false|10'],
    ['{{a}}', { a: null }, ''],
    ['{{a.b.c}}', { a: null }, ''],
    ['{{a}}', { a: safeHtml('<i>x</i>') }, '<i>x</i>'],
    ['{{this.a}} {{./a}}', { a: 1 }, '1 1'],
    ['{{items.length}} {{items.[1]}}', { items: ['x', 'y'] }, '2 y'],
    ['{{at}}', { at: new Date(0) }, '1970-01-01T00:00:00.000Z'],
    ['{{date}}', { date: 'own variable' }, 'own variable'],
    ['\\{{a}}', { a: 1 }, '{{a}}'],
    ['{{! a }}{{!-- {{b}} --}}x', {}, 'x'],
  ])('%s', async (text, model, expected) => {
    expect(await render(text, model)).toBe(expected);
  });

  it('that do not exist are errors with the place and the nearest name', async () => {
    const error = await failure('<ul>\n  <li>{{nmae}}</li>\n</ul>', { name: 'x' });
    expect(error).toMatchObject({ code: 'templates.missing_variable', template: 'page', line: 2, column: 9 });
    expect(error.hint).toContain('Did you mean "name"?');
    expect(error.excerpt).toBe('  1 | <ul>\n> 2 |   <li>{{nmae}}</li>\n    |         ^\n  3 | </ul>');
    expect(error.file).toBe(join(directory, 'page.hbs'));
  });

  it.each(['{{a.b}}', '{{#each a}}{{/each}}', '{{#with a}}{{/with}}', '{{upper a}}', '{{date a}}', '{{> page2 a}}'])(
    '%s is an error when a does not exist',
    async (text) => {
      expect((await failure(text, {}, { page2: '' })).code).toBe('templates.missing_variable');
    },
  );

  it.each(['{{#if a}}{{/if}}', "{{default a ''}}", '{{#if (eq a 1)}}{{/if}}', '{{#unless a.b}}{{/unless}}'])(
    '%s is the way to say optional',
    async (text) => {
      expect(await render(text)).toBe('');
    },
  );

  it('that do not exist print nothing outside of development', async () => {
    write({ page: 'a{{b}}c{{d.e}}' });
    expect(await renderer({ strict: false }).render('page', {})).toBe('ac');
  });

  it.each(['constructor', '__proto__', 'toString', 'a.constructor', 'a.__proto__', 'hasOwnProperty', 'f.name'])(
    'never reach prototypes: %s',
    async (path) => {
      const model = { a: {}, f: () => 'ran' };
      expect((await failure(`{{${path}}}`, model)).code).toBe('templates.missing_variable');
      expect((await failure(`{{lookup a "${path}"}}{{x}}`, model)).code).toBe('templates.missing_variable');
    },
  );

  it('that are functions, lists or objects are not printed', async () => {
    for (const value of [() => 'ran', [1], {}])
      expect((await failure('{{value}}', { value })).code).toBe('templates.render');
  });

  it('come from the globals at every depth, lazily and once', async () => {
    let reads = 0;
    const values = {
      get messages() {
        reads += 1;
        return ['hello'];
      },
      unused: 1,
    };
    write({
      page: '{{#if use}}{{#each rows}}{{x}}{{messages.length}}{{@messages.length}}{{@root.messages.length}}{{/each}}{{/if}}',
    });
    const templates = renderer({ contexts: [{ values: () => values }, { values: async () => ({ x: 'g' }) }] });
    expect(await templates.render('page', { use: false, rows: [] })).toBe('');
    expect(reads).toBe(0);
    expect(await templates.render('page', { use: true, rows: [{}, { x: 'own' }] })).toBe('g111own111');
    expect(reads).toBe(1);
  });
});

describe('blocks', () => {
  it.each([
    ['{{#if a}}y{{else}}n{{/if}}', { a: [] }, 'n'],
    ['{{#if a}}y{{else if b}}b{{else}}n{{/if}}', { a: 0, b: 1 }, 'b'],
    ['{{#unless a}}y{{else}}n{{/unless}}', { a: '' }, 'y'],
    ['{{#each a}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{else}}none{{/each}}', { a: ['x', 'y'] }, '0x,1y'],
    ['{{#each a}}x{{else}}none{{/each}}', { a: null }, 'none'],
    ['{{#each a}}{{@key}}={{this}};{{/each}}', { a: { x: 1, y: 2 } }, 'x=1;y=2;'],
    ['{{#each a}}{{this}}{{/each}}', { a: new Set([1, 2]) }, '12'],
    [
      '{{#each a as |row i|}}{{#each row as |cell|}}{{i}}{{cell}}{{row.length}} {{/each}}{{/each}}',
      { a: [[1, 2], [3]] },
      '012 022 131 ',
    ],
    ['{{#each a}}{{#if @first}}{{../b}}{{/if}}{{this}}{{/each}}', { a: [1, 2], b: 'B' }, 'B12'],
    ['{{#with a}}{{b}}{{../c}}{{else}}no{{/with}}', { a: { b: 1 }, c: 2 }, '12'],
    ['{{#with a as |x|}}{{x.b}}{{/with}}', { a: { b: 1 } }, '1'],
    ['{{#each a}}{{#each this}}{{@../index}}{{@index}} {{/each}}{{/each}}', { a: [[0], [0, 0]] }, '00 10 11 '],
    ['{{#panel title="<t>"}}{{inner}}{{else}}E{{/panel}}', {}, '<b>&lt;t&gt;</b>x&amp;yE'],
    ['{{#shout "<a>"}}{{/shout}}', {}, '&lt;a&gt;!'],
  ])('%s', async (text, model, expected) => {
    expect(await render(text, model)).toBe(expected);
  });
});

describe('partials', () => {
  it('take a context, named values and a body', async () => {
    const files = {
      'shop/card': '<p>{{name}}{{#if big}}!{{/if}}</p>',
      'shop/box': '<div class="{{kind}}">{{> @partial-block}}</div>',
    };
    expect(await render('{{> shop/card item big=true}}', { item: { name: 'A' } }, files)).toBe('<p>A!</p>');
    expect(await render('{{#> shop/box kind="k"}}<i>{{a}}</i>{{/shop/box}}', { a: 1 }, files)).toBe(
      '<div class="k"><i>1</i></div>',
    );
  });

  it('may have computed names', async () => {
    const files = { 'w/text': 'T{{value}}', 'w/date': 'D{{value}}' };
    const model = {
      widgets: [
        { template: 'w/text', value: 1 },
        { template: 'w/date', value: 2 },
      ],
    };
    expect(await render('{{#each widgets}}{{> (lookup this "template")}}{{/each}}', model, files)).toBe('T1D2');
    const error = await failure('\n{{> (lookup this "t")}}', { t: 'w/txt' }, files);
    expect(error).toMatchObject({ code: 'templates.render', line: 2 });
    expect(error.message).toContain('Did you mean "w/text"?');
  });

  it('keep the indentation of their text', async () => {
    expect(await render('  {{> area}}\n', { v: 'a\nb' }, { area: '<textarea>{{v}}</textarea>\n' })).toBe(
      '<textarea>a\nb</textarea>\n',
    );
  });

  it('that do not exist are found when the template is compiled', async () => {
    const error = await failure('x\n  {{> shop/crad}}', {}, { 'shop/card': '' });
    expect(error).toMatchObject({ code: 'templates.syntax', line: 2, column: 3, hint: 'Did you mean "shop/card"?' });
  });

  it('that include themselves for ever are an error', async () => {
    expect((await failure('{{> page}}')).message).toContain('includes itself');
  });
});

describe('layouts', () => {
  const files = {
    layout: '<title>{{#block "title"}}Site{{/block}}</title>{{#block "main"}}empty{{/block}}{{> foot}}',
    foot: '<footer>{{#block "foot"}}f{{/block}}</footer>',
    admin:
      '{{#extend "layout"}}{{#content "main"}}<nav/>{{#block "inner"}}-{{/block}}{{/content}}{{#content "title" mode="append"}} admin{{/content}}{{/extend}}',
  };

  it('are filled by named contents', async () => {
    const text = '{{#extend "layout"}} {{#content "main"}}{{x}}{{/content}}\n{{/extend}}';
    expect(await render(text, { x: '<' }, files)).toBe('<title>Site</title>&lt;<footer>f</footer>');
  });

  it('extend layouts, and contents append and prepend', async () => {
    const text =
      '{{#extend "admin"}}{{#content "inner"}}page{{/content}}{{#content "title" mode="prepend"}}List | {{/content}}{{#content "foot"}}own{{/content}}{{/extend}}';
    expect(await render(text, {}, files)).toBe('<title>List | Site admin</title><nav/>page<footer>own</footer>');
  });

  it('render nothing that is replaced', async () => {
    const text = '{{#extend "admin"}}{{#content "main"}}own{{/content}}{{/extend}}';
    expect(await render(text, {}, { ...files, layout: '{{#block "main"}}{{missing}}{{/block}}' })).toBe('own');
  });

  it('may have computed names', async () => {
    expect(await render('{{#extend name}}{{/extend}}', { name: 'foot' }, files)).toBe('<footer>f</footer>');
  });

  it('contents see the block parameters and the context of where they stand', async () => {
    const text =
      '{{#each rows as |row|}}{{#extend "foot"}}{{#content "foot"}}{{row}}{{../x}}{{/content}}{{/extend}}{{/each}}';
    expect(await render(text, { rows: [1, 2], x: 'x' }, files)).toBe('<footer>1x</footer><footer>2x</footer>');
  });

  it.each([
    ['{{#extend "layout"}}lost{{/extend}}', 'Only {{#content}}'],
    ['{{#extend "layout"}}{{x}}{{/extend}}', 'Only {{#content}}'],
    ['{{#content "a"}}{{/content}}', 'outside of {{#extend}}'],
    ['{{#extend "layuot"}}{{/extend}}', 'No template named "layuot"'],
    ['{{#extend}}{{/extend}}', 'takes the name of one template'],
    ['{{#block a}}{{/block}}', 'takes one name'],
    ['{{#extend "layout"}}{{#content "a" mode="after"}}{{/content}}{{/extend}}', 'one of replace, append, prepend'],
  ])('%s is refused', async (text, message) => {
    const error = await failure(text, {}, files);
    expect(error.code).toBe('templates.syntax');
    expect(error.message).toContain(message);
  });
});

describe('syntax errors', () => {
  it.each([
    ['a\n{{#if x}}', 2, 'A block is not closed'],
    ['a\nb{{x y', 2, 'Parse error'],
    ['{{#if x}}\n{{/each}}', 1, "if doesn't match each"],
    ['\n{{{x}}}', 2, 'Output without escaping'],
    ['\n{{&x}}', 2, 'Output without escaping'],
    ['\n{{#*inline "a"}}{{/inline}}', 2, 'inline partials'],
    ['\n\n{{uppr x}}', 3, 'No helper named "uppr"'],
    ['{{#lst x}}{{/lst}}', 1, 'No helper named "lst"'],
    ['{{upper}}{{upper a=1}}', 1, 'needs 1 argument'],
    ['{{#if a b}}{{/if}}', 1, 'takes one argument'],
  ])('%j names its line', async (text, line, message) => {
    const error = await failure(text, { upper: 'u' });
    expect(error).toMatchObject({ code: 'templates.syntax', line });
    expect(error.message).toContain(message);
  });

  it('of helpers that fail keep the cause', async () => {
    const error = await failure('\n<p>{{fails}}</p>');
    expect(error).toMatchObject({ code: 'templates.render', line: 2, column: 6 });
    expect((error.cause as Error).message).toBe('no luck');
  });
});

describe('places in the markup', () => {
  it.each([
    ['<a href={{x}}>', 'without quotes'],
    ['<a class=a{{x}}>', 'without quotes'],
    ['<script>var a = "{{x}}";</script>', 'script or style'],
    ['<style>{{x}}</style>', 'script or style'],
    ['<script>{{> part}}</script>', 'script or style'],
    ['<a onclick="go({{x}})">', 'holds code'],
    ['<a style="color: {{x}}">', 'holds code'],
    ['<iframe srcdoc="{{x}}"></iframe>', 'holds code'],
    ['<p {{#if a}}class={{x}}{{/if}}>', 'without quotes'],
    ['<script>{{#block "js"}}{{/block}}</script>', 'script or style'],
    ['<style>{{#block "css"}}{{/block}}</style>', 'script or style'],
    ['<a onclick="{{#block "js"}}{{/block}}">', 'holds code'],
    ['<a class={{#block "c"}}{{/block}}>', 'without quotes'],
    ['<a href="{{#block "u"}}{{/block}}">', 'start of an address'],
    ['<a href="{{#if a}}{{#block "u"}}/{{/block}}{{/if}}">', 'start of an address'],
    ['<a {{#block "a"}}{{/block}}>', 'between attributes'],
    ['<a href="{{> part}}">', 'start of an address'],
    ['<a href="{{> (lookup this "x")}}">', 'start of an address'],
    ['<a {{> part}}>', 'between attributes'],
    ['<script>{{> @partial-block}}</script>', 'script or style'],
    ['<a href="{{> @partial-block}}">', 'start of an address'],
    ['<script>{{#extend "part"}}{{/extend}}</script>', 'script or style'],
    ['<script>{{#upper x}}{{/upper}}</script>', 'script or style'],
    ['<a onclick="{{#upper x}}{{/upper}}">', 'holds code'],
    ['<a class={{#upper x}}{{/upper}}>', 'without quotes'],
    ['{{#block "a"}}<a href="{{/block}}{{x}}">', 'middle of a tag'],
    ['{{#extend "part"}}{{#content "a"}}<script>{{/content}}{{/extend}}', 'middle of a tag'],
  ])('%s is refused', async (text, message) => {
    const error = await failure(text, { x: 'x', a: true }, { part: '' });
    expect(error.code).toBe('templates.syntax');
    expect(error.message).toContain(message);
  });

  it.each([
    ['javascript:alert(1)', 'about:invalid#blocked'],
    [' JaVa\tScript:alert(1)', 'about:invalid#blocked'],
    ['\u0001javascript:x', 'about:invalid#blocked'],
    ['data:text/html,x', 'about:invalid#blocked'],
    ['vbscript:x', 'about:invalid#blocked'],
    ['https://a.b/?x=1&y', 'https://a.b/?x=1&amp;y'],
    ['/path:x', '/path:x'],
    ['?next=a:b', '?next=a:b'],
    ['#a:b', '#a:b'],
    ['mailto:a@b', 'mailto:a@b'],
    ['data:image/png;base64,x', 'data:image/png;base64,x'],
    ['', ''],
  ])('the address %j becomes %s', async (x, expected) => {
    expect(await render('<a href="{{x}}" title="{{x}}">', { x })).toContain(`href="${expected}"`);
    expect(await render('<a href="{{#if x}}{{x}}{{else}}/{{/if}}">', { x: x || '/' })).toContain(
      `href="${expected || '/'}"`,
    );
    expect(await render('<a {{attrs a}}>', { a: { href: x } })).toContain(`href="${expected}"`);
  });

  it('addresses are checked in every branch', async () => {
    const text = '<a href="{{#if a}}/x{{else}}{{b}}{{/if}}">';
    expect(await render(text, { a: false, b: 'javascript:x' })).toBe('<a href="about:invalid#blocked">');
  });

  it('what helpers print as blocks is checked like other values', async () => {
    const model = { x: 'javascript:alert(1)', y: ['<b>', 'a'] };
    expect(await render('<a href="{{#shout x}}{{/shout}}">', model)).toBe('<a href="about:invalid#blocked">');
    expect((await failure('<a {{#shout x}}{{/shout}}>', model)).code).toBe('templates.unsafe_output');
    expect((await failure('<a href="{{#lookup this "y"}}{{/lookup}}">', model)).message).toContain('a list');
    expect(await render('<p>{{#lookup this "y"}}{{/lookup}}</p>', model)).toBe('<p>&lt;b&gt;a</p>');
    expect((await failure('<p>{{#default this}}{{/default}}</p>', model)).message).toContain('an object');
  });

  it('blocks and partials may stand in attributes that hold text', async () => {
    const files = { base: '<p class="a {{#block "c"}}b{{/block}}">', part: 'x{{v}}' };
    const text = '{{#extend "base"}}{{#content "c"}}{{v}} {{> part}}{{/content}}{{/extend}}';
    expect(await render(text, { v: '"y' }, files)).toBe('<p class="a &quot;y x&quot;y">');
    expect(await render('<a href="/x/{{> part}}">', { v: '"' }, files)).toBe('<a href="/x/x&quot;">');
  });

  it('contents are read each by itself', async () => {
    const files = { base: '{{#block "a"}}{{/block}}{{#block "b"}}{{/block}}' };
    const text =
      '{{#extend "base"}}{{#content "a"}}<!-- x -->{{/content}} {{#content "b"}}<a href="{{v}}">{{/content}}{{/extend}}';
    expect(await render(text, { v: 'javascript:1' }, files)).toBe('<!-- x --><a href="about:invalid#blocked">');
  });

  it('values later in an address are only escaped', async () => {
    expect(await render('<a href="/x/{{id}}">', { id: 'a:b"' })).toBe('<a href="/x/a:b&quot;">');
  });

  it('between attributes only safe markup and bare words are printed', async () => {
    expect(await render('<input {{a}}{{attrs b}}>', { a: 'required', b: { min: 1 } })).toBe('<input required min="1">');
    expect((await failure('<input {{a}}>', { a: 'onfocus=alert(1)' })).code).toBe('templates.unsafe_output');
  });

  it('scripts with attributes and markup after them are allowed', async () => {
    const text = '<script nonce="{{n}}" src="{{s}}"></script><p>{{n}}</p><style nonce="{{n}}">a > b {}</style>{{n}}';
    expect(await render(text, { n: 'N', s: '/a.js' })).toBe(
      '<script nonce="N" src="/a.js"></script><p>N</p><style nonce="N">a > b {}</style>N',
    );
  });

  it('long pages are scanned in linear time', async () => {
    const text = `${'<p class="a">'.repeat(20_000)}{{x}}`;
    expect(await render(text, { x: 1 })).toHaveLength(13 * 20_000 + 1);
  });
});

describe('helpers', () => {
  it.each([
    [
      '{{eq a 1}} {{ne a 1}} {{lt a 2}} {{gt a 2}} {{lte a 1}} {{gte a 2}}',
      { a: 1 },
      'true false true false true false',
    ],
    ['{{and a b}} {{or a b}} {{not b}}', { a: 1, b: 0 }, '0 1 true'],
    ['{{in "a" list}} {{in "c" list}} {{in "b" "abc"}}', { list: ['a', 'b'] }, 'true false true'],
    ['{{concat a "<" b}}', { a: 'x', b: 1 }, 'x&lt;1'],
    ['{{concat a s}}', { a: '<', s: safeHtml('<i>') }, '&lt;<i>'],
    ['{{join list}} {{join list " - "}}', { list: ['a', '<'] }, 'a, &lt; a - &lt;'],
    ["{{default a 'x'}}{{default b c 'y'}}", { a: '', c: 0 }, 'x0'],
    ['{{lower a}}{{upper a}}', { a: 'Aß' }, 'aßASS'],
    ['{{truncate a 5}}', { a: 'Hello world' }, 'Hell…'],
    ['{{truncate a 2}}', { a: '👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧' }, '👨‍👩‍👧…'],
    [
      '{{number a}} {{number b}} {{number c}}',
      { a: 1234.5, b: '12345678901234567.89', c: 12345678901234567890n },
      '1,234.5 12,345,678,901,234,567.89 12,345,678,901,234,567,890',
    ],
    ['{{number a style="currency" currency="EUR" locale="de-DE"}}', { a: '1.5' }, '1,50 €'],
    ['{{date a}} {{date a format="full" locale="pl"}}', { a: '2026-03-01' }, 'Mar 1, 2026 niedziela, 1 marca 2026'],
    ['{{datetime a timeZone="Asia/Tokyo"}}', { a: new Date(0) }, 'Jan 1, 1970, 9:00 AM'],
    ['{{time a}} {{time b}}', { a: '13:05:00', b: new Date(0) }, '1:05 PM 12:00 AM'],
    ['{{date a format="iso"}}', { a: 0 }, '1970-01-01T00:00:00.000Z'],
    ['{{date a}}{{number a}}', { a: null }, ''],
    ['{{n}} {{pluralize n "city" "cities"}}', { n: 1 }, '1 city'],
    ['{{n}} {{pluralize n "city" "cities"}}', { n: 0 }, '0 cities'],
    [
      '<p{{attrs a class="x"}}>',
      { a: { id: 'a"b', hidden: true, title: null, 'data-x': 0, rel: ['a', false, 'b'] } },
      '<p id="a&quot;b" hidden data-x="0" rel="a b" class="x">',
    ],
  ])('%s', async (text, model, expected) => {
    expect((await render(text, model)).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(expected);
  });

  it('follow the locale of the context', async () => {
    expect(await runWith(LOCALE, 'de-DE', () => render('{{number a}}', { a: 1234.5 }))).toBe('1.234,5');
  });

  it('json_script cannot be left from inside', async () => {
    const value = { a: '</script><!-- & \u2028\u2029', b: 1n, c: undefined };
    const output = await render('{{json_script value "data"}}', { value });
    expect(output).toBe(
      '<script type="application/json" id="data">{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029","b":"1"}</script>',
    );
    expect(await render('{{json_script value}}', { value: null })).toBe(
      '<script type="application/json">null</script>',
    );
  });

  it.each([
    ['{{number a}}', { a: 'x' }],
    ['{{date a}}', { a: 'x' }],
    ['<p{{attrs a}}>', { a: { onclick: 'x' } }],
    ['<p{{attrs a}}>', { a: { 'a b': 'x' } }],
    ['{{truncate a b}}', { a: 'x', b: 'y' }],
    ['{{date a format="odd"}}', { a: 0 }],
    ['{{date a timeZone="Mars/X"}}', { a: 0 }],
  ])('%s fails with its place', async (text, model) => {
    expect((await failure(text, model)).code).toBe('templates.render');
  });
});

describe('files', () => {
  it('of an earlier directory win', async () => {
    write({ 'project/shop/list': 'mine', 'area/shop/list': 'theirs', 'area/shop/base': '{{> shop/list}}' });
    const templates = renderer({ roots: ['project', 'absent', 'area'] });
    expect(await templates.render('shop/base', {})).toBe('mine');
    expect(templates.names()).toEqual(['shop/base', 'shop/list']);
    expect(templates.has('shop/none')).toBe(false);
  });

  it.each(['../secret', '/etc/passwd', 'a/../b', '', 'a//b', 'a.hbs', 'a\0'])('%j is no name', async (name) => {
    await expect(renderer().render(name, {})).rejects.toMatchObject({ code: 'templates.bad_name' });
  });

  it('that do not exist are errors that name the directories and the nearest name', async () => {
    write({ 'admin/list': '' });
    const error = await renderer()
      .render('admin/lsit', {})
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'templates.not_found', hint: 'Did you mean "admin/list"?' });
    expect((error as Error).message).toContain(directory);
  });

  it('are compiled anew when they change, and found when they are new, in development', async () => {
    write({ page: '{{> part}}', part: 'one' });
    const fixed = renderer();
    const reloading = renderer({ reload: true });
    expect([await fixed.render('page', {}), await reloading.render('page', {})]).toEqual(['one', 'one']);
    write({ part: 'second', other: 'new' });
    expect([await fixed.render('page', {}), await reloading.render('page', {})]).toEqual(['one', 'second']);
    expect(await reloading.render('other', {})).toBe('new');
    expect(fixed.has('other')).toBe(false);
  });
});

describe('markup literals', () => {
  it('escape their values', () => {
    expect(html`<a title="${'"'}">${['<', safeHtml('<b>')]}${null}${1}</a>`.toString()).toBe(
      '<a title="&quot;">&lt;<b>1</a>',
    );
    expect(toHtml(undefined)).toBe('');
    expect(() => html`${{}}`).toThrow(TypeError);
  });
});
