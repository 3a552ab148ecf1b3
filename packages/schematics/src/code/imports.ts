import { inOrder } from '../syntax/imports.js';
import { WIDTH } from '../syntax/source-text.js';

/** The imports of a generated file, in the order that import sorters give them. */
export class Imports {
  private readonly modules = new Map<string, Set<string>>();

  /** Imports names from a module; types as `type Relation`. */
  add(module: string, ...names: readonly string[]): this {
    this.modules.set(module, new Set([...(this.modules.get(module) ?? []), ...names]));
    return this;
  }

  /** The lines: packages first, then files of the project. */
  toString(): string {
    const modules = [...this.modules.keys()].sort(inOrder);
    const groups = [modules.filter((each) => !each.startsWith('.')), modules.filter((each) => each.startsWith('.'))];
    return groups
      .filter((group) => group.length > 0)
      .map((group) => `${group.map((module) => this.line(module)).join('\n')}\n`)
      .join('\n');
  }

  private line(module: string): string {
    const all = [...this.modules.get(module)!].sort(inOrder);
    const names = [...all.filter((name) => !isType(name)), ...all.filter(isType)];
    const flat = `import { ${names.join(', ')} } from '${module}';`;
    return flat.length <= WIDTH ? flat : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${module}';`;
  }
}

function isType(name: string): boolean {
  return name.startsWith('type ');
}
