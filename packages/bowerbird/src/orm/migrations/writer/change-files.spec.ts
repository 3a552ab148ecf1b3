import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { changeFiles } from './change-files.js';

const NOBODY = 65534;

/** Runs work as somebody whom a read-only folder stops; root writes everywhere. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

/** Gives a folder to nobody, who must be able to get there: temporary folders of a test run are private. */
function giveToNobody(folder: string): void {
  if (process.getuid?.() !== 0) return;
  chownSync(folder, NOBODY, NOBODY);
  const above = dirname(folder);
  const { mode } = statSync(above);
  if ((mode & 0o11) !== 0o11) chmodSync(above, mode | 0o11);
}

/** A folder with a file `a`, `b` and `old`, and what is in it. */
function tree(): { readonly root: string; readonly contents: () => Record<string, string> } {
  const root = mkdtempSync(join(tmpdir(), 'together-'));
  for (const name of ['a', 'b', 'old']) writeFileSync(join(root, name), name);
  const contents = () =>
    Object.fromEntries(
      (readdirSync(root, { recursive: true }) as string[])
        .sort()
        .map((name) => [name, statSync(join(root, name)).isFile() ? readFileSync(join(root, name), 'utf8') : '']),
    );
  return { root, contents };
}

describe('several files', () => {
  it('are all changed, with the folders that they need', async () => {
    const { root, contents } = tree();
    await changeFiles([
      { path: join(root, 'new/deep/file'), text: 'text', fresh: true },
      { path: join(root, 'a'), text: 'other' },
      { path: join(root, 'old'), text: null },
      { path: join(root, 'gone already'), text: null },
    ]);
    expect(contents()).toEqual({ a: 'other', b: 'b', new: '', 'new/deep': '', 'new/deep/file': 'text' });
  });

  it('are all as they were when one cannot be written', async () => {
    const { root, contents } = tree();
    mkdirSync(join(root, 'folder'));
    const before = contents();
    const impossible = [
      { path: join(root, 'a/below'), text: 'x' },
      { path: join(root, 'folder'), text: 'x' },
      { path: join(root, 'b'), text: 'x', fresh: true },
    ];
    for (const last of impossible) {
      const changes = [
        { path: join(root, 'new/deep/file'), text: 'text', fresh: true },
        { path: join(root, 'a'), text: 'other' },
        { path: join(root, 'old'), text: null },
        last,
      ];
      await expect(changeFiles(changes)).rejects.toMatchObject({
        code: 'core.command',
        message: expect.stringMatching(/cannot be written: (ENOTDIR|EISDIR|it exists already)$/),
        hint: 'No file was changed',
      });
      expect(contents()).toEqual(before);
    }
  });

  it('are all as they were when a folder becomes read-only midway', async () => {
    const { root, contents } = tree();
    const [open, closed] = ['open', 'closed'].map((name) => join(root, name));
    for (const folder of [root, open!, closed!]) {
      mkdirSync(folder, { recursive: true });
      giveToNobody(folder);
    }
    writeFileSync(join(closed!, 'kept'), 'kept', { mode: 0o666 });
    chmodSync(closed!, 0o555);
    const before = contents();
    await asNobody(async () => {
      for (const last of [
        { path: join(closed!, 'fresh'), text: 'x', fresh: true },
        { path: join(closed!, 'kept'), text: 'x' },
        { path: join(closed!, 'kept'), text: null },
      ]) {
        const changes = [
          { path: join(open!, 'first'), text: 'text', fresh: true },
          { path: join(root, 'a'), text: null },
          last,
        ];
        await expect(changeFiles(changes)).rejects.toThrow(/cannot be written: EACCES/);
        expect(contents()).toEqual(before);
      }
    });
    chmodSync(closed!, 0o755);
  });
});
