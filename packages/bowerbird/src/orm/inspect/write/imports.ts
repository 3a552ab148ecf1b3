import { quoted } from './code.js';

/** The imports of a file that is being written, collected as its parts ask for them. */
export class Imports {
  private readonly names = new Map<string, Set<string>>();

  /** Asks for a name; returns it, for use in the text. */
  use(name: string, from: string): string {
    const known = this.names.get(from) ?? new Set();
    this.names.set(from, known.add(name));
    return name;
  }

  /** Asks for the type of a relation. */
  relation(name: string): string {
    this.use('type Relation', 'typeorm');
    return `Relation<${name}>`;
  }

  /** The import lines: packages, a blank line, own files. */
  print(): string {
    const groups = [...this.names].sort(([left], [right]) => (left < right ? -1 : 1));
    const lines = (own: boolean): string[] =>
      groups.filter(([from]) => from.startsWith('.') === own).map(([from, names]) => importLine(from, [...names]));
    return [lines(false), lines(true)]
      .filter((group) => group.length > 0)
      .map((group) => `${group.join('\n')}\n`)
      .join('\n');
  }
}

function importLine(from: string, names: readonly string[]): string {
  const bare = (name: string): string => name.replace(/^type /, '');
  const sorted = names.toSorted((left, right) => (bare(left) < bare(right) ? -1 : 1));
  const flat = `import { ${sorted.join(', ')} } from ${quoted(from)};`;
  if (flat.length <= 120) return flat;

  return `import {\n${sorted.map((name) => `  ${name},`).join('\n')}\n} from ${quoted(from)};`;
}
