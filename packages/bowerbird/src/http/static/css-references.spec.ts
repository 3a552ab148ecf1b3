import { describe, expect, it } from 'vitest';

import { cssReferences, rewriteCss } from './css-references.js';

const rewrite = (css: string) => rewriteCss(css, 'area/css/main.css', (name) => name.replace(/(\.\w+)$/, '.hash$1'));

describe('references in stylesheets', () => {
  it.each([
    ['url(a.png)', 'url(a.hash.png)'],
    ['url( "a.png" )', 'url( "a.hash.png" )'],
    ["url('../img/a.png')", "url('../img/a.hash.png')"],
    ['url(font.woff2?x=1#iefix)', 'url(font.hash.woff2?x=1#iefix)'],
    ['@import "part.css"', '@import "part.hash.css"'],
    ['@import url(part.css) screen', '@import url(part.hash.css) screen'],
    ['URL(a.png)', 'URL(a.hash.png)'],
  ])('%s becomes %s', (css, expected) => expect(rewrite(css)).toBe(expected));

  it.each([
    'url(data:image/png;base64,AA==)',
    'url(https://x/a.png)',
    'url(//x/a.png)',
    'url(/abs.png)',
    'url(#id)',
    'url("")',
    'url(../../../up.png)',
  ])('%s stays as it is', (css) => {
    expect(rewrite(css)).toBe(css);
    expect(cssReferences(css, 'area/css/main.css')).toEqual([]);
  });

  it('are named below the static prefix, without those in comments', () => {
    const css = '/* url(old.png) */ a{background:url(../img/a.png#x)} @import "b.css";';
    expect(cssReferences(css, 'area/css/main.css').map(({ name }) => name)).toEqual([
      'area/img/a.png',
      'area/css/b.css',
    ]);
  });
});
