import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../support/root.js';

export { ROOT };

/** Stands in a hidden context for the block that follows it. */
const PLACE = '// the block';

/** A fenced block of a page. */
export interface Block {
  /** Path of the page below the root of the repository. */
  readonly page: string;
  /** Line of the page on which the code begins, from 1. */
  readonly line: number;
  readonly language: string;
  /** The words after the language: `ts file=src/main.ts` has `file=src/main.ts`. */
  readonly marks: readonly string[];
  readonly code: string;
  /** Hidden code around the block, of the comment `<!-- example … -->` right before it; empty where there is none. */
  readonly context: string;
}

const FENCE = /(?:^ *<!-- example\n((?:(?!-->)[\s\S])*)-->\n\s*)?^( *)```([a-z]+)([^\n]*)\n([\s\S]*?)^ *```$/gm;

/** The fenced blocks of a page that name a language, in their order. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(FENCE)].map((match) => {
    const [whole, context = '', indent, language, marks, code] = match as unknown as string[];
    const start = match.index + whole!.lastIndexOf(`\`\`\`${language}`);
    return {
      page,
      line: text.slice(0, start).split('\n').length + 1,
      language: language!,
      marks: marks!.split(/\s+/).filter(Boolean),
      code: indent ? code!.replaceAll(new RegExp(`^${indent}`, 'gm'), '') : code!,
      context: indent ? context.replaceAll(new RegExp(`^${indent}`, 'gm'), '') : context,
    };
  });
}

/** A block as a whole module: within its context, and `…` read as "left out". */
export function moduleOf({ code, context }: Block): string {
  const whole = code.replaceAll(/\{ … \}/g, '{}').replaceAll(/^(\s*)…$/gm, '$1// …');
  if (!context.includes(PLACE)) return `${context}${whole}`;
  return context.replace(PLACE, () => whole);
}
