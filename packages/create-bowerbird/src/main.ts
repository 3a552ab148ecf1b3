#!/usr/bin/env node
import { Cancelled } from './answers/cancelled.js';
import { Problem } from './problem.js';
import { run } from './run.js';

/** What shells say of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

const { stdin, stdout, stderr } = process;

try {
  process.exitCode = await run(process.argv.slice(2), {
    workingFolder: process.cwd(),
    interactive: Boolean(stdin.isTTY && stdout.isTTY),
    userAgent: process.env.npm_config_user_agent,
    print: (text) => void stdout.write(text),
  });
} catch (error) {
  const { text, exitCode } = told(error);
  stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

function told(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof Cancelled) return { text: error.message, exitCode: INTERRUPTED };
  if (error instanceof Problem) return { text: `${error.message}\n→ ${error.hint}`, exitCode: error.exitCode };
  const text = error instanceof Error ? error.message : String(error);
  return { text: `The project could not be made, and nothing of it is left: ${text}`, exitCode: 1 };
}
