import { constants, Script } from 'node:vm';

/** Runs JavaScript with some names, top-level await included; an expression gives its value. @throws SyntaxError */
export async function evaluate(code: string, names: ReadonlyMap<string, unknown>): Promise<unknown> {
  const parameters = [...names.keys()].join(', ');
  const script =
    compiled(`(async (${parameters}) => (${code.trim().replace(/;$/, '')}\n))`) ??
    new Script(`(async (${parameters}) => {${code}\n})`, OPTIONS);
  const run = script.runInThisContext() as (...values: readonly unknown[]) => Promise<unknown>;
  return run(...names.values());
}

/** `import()` finds packages from the current folder. */
const OPTIONS = { filename: 'shell', importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER } as const;

/** The script, or undefined where the text is no expression. */
function compiled(text: string): Script | undefined {
  try {
    return new Script(text, OPTIONS);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
