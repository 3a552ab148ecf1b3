/** The variables that contributions give to one render; each is read when it is first used, and only once. */
export class Globals {
  private readonly read = new Map<string, unknown>();

  constructor(private readonly sources: readonly object[]) {}

  get(name: string): unknown {
    if (this.read.has(name)) return this.read.get(name);
    const source = this.sources.find((candidate) => Object.hasOwn(candidate, name));
    const value = source && (source as Record<string, unknown>)[name];
    this.read.set(name, value);
    return value;
  }
}
