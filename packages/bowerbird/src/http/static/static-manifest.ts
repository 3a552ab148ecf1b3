import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { cssReferences, rewriteCss } from './css-references.js';
import { type FoundFile, type StaticSource } from './static-source.js';

/** A file with its name for the ages. */
export interface HashedFile extends FoundFile {
  /** `admin/admin.4f3a0c….css`. */
  readonly hashedName: string;
  readonly hash: string;
  /** The content, where it is small or was rewritten. */
  readonly content?: Buffer;
}

/** A stylesheet that refers to a file that is not there. */
export interface DanglingReference {
  readonly stylesheet: string;
  readonly name: string;
}

/** Files up to this size are kept in memory, up to this much in all; in bytes. */
const SMALL = 64 * 1024;
const MEMORY = 8 * 1024 * 1024;

/** All static files of an application, by plain and by hashed name. */
export class StaticManifest {
  readonly plain: ReadonlyMap<string, HashedFile>;
  readonly hashed: ReadonlyMap<string, HashedFile>;
  readonly dangling: readonly DanglingReference[];

  constructor(files: readonly HashedFile[], dangling: readonly DanglingReference[]) {
    this.plain = new Map(files.map((file) => [file.name, file]));
    this.hashed = new Map(files.map((file) => [file.hashedName, file]));
    this.dangling = dangling;
  }

  /** Reads every file once; where two sources hold one name, the first one counts. */
  static async build(sources: readonly StaticSource[]): Promise<StaticManifest> {
    const found = new Map<string, FoundFile>();
    for (const source of sources)
      for await (const file of source.files()) if (!found.has(file.name)) found.set(file.name, file);
    return new ManifestBuilder(found).build();
  }
}

class ManifestBuilder {
  private readonly done = new Map<string, HashedFile>();
  private readonly styles = new Map<string, string>();
  private readonly dangling: DanglingReference[] = [];
  private kept = 0;

  constructor(private readonly found: ReadonlyMap<string, FoundFile>) {}

  async build(): Promise<StaticManifest> {
    const names = [...this.found.keys()].sort();
    for (const name of names.filter((name) => !isStylesheet(name))) this.done.set(name, await this.hash(name));
    for (const name of names.filter(isStylesheet))
      this.styles.set(name, await readFile(this.found.get(name)!.path, 'utf8'));
    for (const name of this.styles.keys()) this.resolve(name, []);
    return new StaticManifest([...this.done.values()], this.dangling);
  }

  private async hash(name: string): Promise<HashedFile> {
    const file = this.found.get(name)!;
    if (file.size <= SMALL && this.kept + file.size <= MEMORY) {
      this.kept += file.size;
      return named(file, await readFile(file.path));
    }
    const digest = createHash('sha256');
    await pipeline(createReadStream(file.path), digest);
    return withHash(file, digest.digest('hex'));
  }

  /** A stylesheet takes the hashed names of what it refers to, and only then its own. */
  private resolve(name: string, trail: readonly string[]): string | undefined {
    const known = this.done.get(name);
    if (known) return known.hashedName;
    const css = this.styles.get(name);
    // Stylesheets that import each other in a circle keep one plain name in it.
    if (css === undefined || trail.includes(name)) return undefined;
    for (const reference of cssReferences(css, name))
      if (!this.found.has(reference.name)) this.dangling.push({ stylesheet: name, name: reference.name });
    const rewritten = rewriteCss(css, name, (other) => this.resolve(other, [...trail, name]));
    const file = named(this.found.get(name)!, Buffer.from(rewritten));
    this.done.set(name, file);
    return file.hashedName;
  }
}

function isStylesheet(name: string): boolean {
  return name.toLowerCase().endsWith('.css');
}

function named(file: FoundFile, content: Buffer): HashedFile {
  const hashed = withHash(file, createHash('sha256').update(content).digest('hex'));
  return { ...hashed, content, size: content.length };
}

/** The hash stands before the extension: `app.min.js` becomes `app.min.<hash>.js`. */
function withHash(file: FoundFile, digest: string): HashedFile {
  const hash = digest.slice(0, 16);
  const dot = file.name.lastIndexOf('.');
  const cut = dot > file.name.lastIndexOf('/') ? dot : file.name.length;
  return { ...file, hash, hashedName: `${file.name.slice(0, cut)}.${hash}${file.name.slice(cut)}` };
}
