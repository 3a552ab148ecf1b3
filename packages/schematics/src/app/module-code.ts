import { Imports } from '../code/imports.js';
import { callWith, quoted } from '../code/literals.js';
import { type AppSource } from '../project/apps.js';

/** What makes one app's module different from another's. */
export interface ModulePlan {
  /** What people read instead of the name. */
  readonly label?: string | undefined;
  /** Whether it is a package of its own, which brings its migrations. */
  readonly library: boolean;
}

/** The file of a module, as the tutorial writes them. */
export function moduleCode({ name, className }: AppSource, { label, library }: ModulePlan): string {
  const imports = new Imports().add('@nestjs/common', 'Module').add('bowerbird', 'App');
  const app = callWith(
    '@App(',
    [
      ['name', quoted(name)],
      ...(label === undefined ? [] : [['label', quoted(label)] as const]),
      ['entities', '[]'],
      ...(library ? [['migrations', "new URL('./migrations/', import.meta.url)"] as const] : []),
    ],
    ')',
  );
  return `${imports.toString()}\n${app}\n@Module({})\nexport class ${className} {}\n`;
}
