import { describe, expect, it } from 'vitest';

import { highlightLine } from './highlight.js';
import { readExcerpt } from './source-excerpt.js';
import { parseStack } from './stack-frames.js';

describe('stack frames', () => {
  it('are read in every shape that V8 writes', () => {
    const frames = parseStack(`Error: a message
    with a second line (looks like:1:2)
    at Shop.load (/app/src/shop.ts:10:5)
    at async Promise.all (index 0)
    at new Cart (file:///app/src/cart%20one.ts:3:1)
    at async /app/src/main.ts:7:9
    at Layer.handle (/app/node_modules/express/lib/layer.js:95:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`);
    expect(frames.map(({ name, file, line, origin }) => [name, file, line, origin])).toEqual([
      ['Shop.load', '/app/src/shop.ts', 10, 'application'],
      ['new Cart', '/app/src/cart one.ts', 3, 'application'],
      ['', '/app/src/main.ts', 7, 'application'],
      ['Layer.handle', '/app/node_modules/express/lib/layer.js', 95, 'library'],
      ['process.processTicksAndRejections', 'node:internal/process/task_queues', 95, 'node'],
    ]);
  });

  it("of this package are the framework's", () => {
    const [frame] = parseStack(`Error\n    at x (${new URL('stack-frames.ts', import.meta.url).pathname}:1:1)`);
    expect(frame!.origin).toBe('framework');
  });

  it('may be missing', () => {
    expect([parseStack(undefined), parseStack('Error: no frames')]).toEqual([[], []]);
  });
});

describe('source excerpts', () => {
  const file = new URL('source-excerpt.ts', import.meta.url).pathname;

  it('hold the lines around one of them', () => {
    expect(readExcerpt(file, 1, 2)).toMatchObject({ start: 1, focus: 1, lines: { length: 3 } });
    expect(readExcerpt(file, 10, 2)).toMatchObject({ start: 8, focus: 10, lines: { length: 5 } });
  });

  it('are missing where there is no such line or file', () => {
    expect([readExcerpt(file, 0), readExcerpt(file, 9_999), readExcerpt('/nowhere', 1), readExcerpt('/', 1)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('highlighting', () => {
  it('marks tokens and keeps everything else safe', () => {
    expect(highlightLine("const a = b < 'c' && 7; // <script>")).toBe(
      '<i class="t-keyword">const</i> a = b &lt; <i class="t-string">&#39;c&#39;</i> &amp;&amp; <i class="t-number">7</i>; <i class="t-comment">// &lt;script&gt;</i>',
    );
  });
});
