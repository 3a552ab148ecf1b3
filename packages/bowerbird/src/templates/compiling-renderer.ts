import { Logger } from '@nestjs/common';

import { compileNodes } from './compile/compiler.js';
import { isStackOverflow } from './compile/expressions.js';
import { Globals } from './compile/globals.js';
import { type Helpers } from './compile/helper.js';
import { Scope, type Render } from './compile/scope.js';
import { Unit, type Toolbox } from './compile/unit.js';
import { type TemplateLibrary } from './library/template-library.js';
import { type TemplateContextProvider } from './template-contributions.js';
import { type TemplateParser } from './template-parser.js';
import { TemplateRenderer } from './template-renderer.js';
import { TemplateRenderError } from './templates.errors.js';
import { type TemplatesConfig } from './templates.options.js';

/** What the renderer is made of. */
export interface RendererParts {
  readonly parser: TemplateParser;
  readonly library: TemplateLibrary;
  readonly helpers: Helpers;
  readonly contexts: readonly TemplateContextProvider[];
}

interface Compiled {
  readonly version: string | undefined;
  readonly render: Render;
}

const MAX_LOGGED = 1_000;

/** Compiles each template once into closures and runs those; where files may change, looks once per render. */
export class CompilingRenderer extends TemplateRenderer implements Toolbox {
  private collected: RendererParts | undefined;
  private readonly compiled = new Map<string, Compiled>();
  /** Templates whose files were looked at since the current render began. */
  private readonly fresh = new Set<string>();
  private readonly logged = new Set<string>();
  private readonly logger = new Logger('Templates');

  constructor(
    /** Called when the first template is asked for, so that every contribution exists by then. */
    private readonly collect: () => RendererParts,
    private readonly config: Pick<TemplatesConfig, 'strict' | 'reload'>,
  ) {
    super();
  }

  get helpers(): Helpers {
    return this.parts.helpers;
  }

  private get parts(): RendererParts {
    return (this.collected ??= this.collect());
  }

  private get library(): TemplateLibrary {
    return this.parts.library;
  }

  async render(name: string, model: object): Promise<string> {
    const globals = new Globals(await Promise.all(this.parts.contexts.map(async (context) => context.values())));
    if (this.config.reload) this.lookAgain();
    try {
      return this.load(name)(new Scope(model, { root: model, globals }));
    } catch (error) {
      throw isStackOverflow(error) ? this.tooDeep(name, error) : error;
    }
  }

  has(name: string): boolean {
    return this.library.has(name);
  }

  names(): readonly string[] {
    return this.library.names();
  }

  projectNames(): readonly string[] {
    return this.library.projectNames();
  }

  compile(name: string): void {
    this.load(name);
  }

  suggest(name: string): string {
    return this.library.suggest(name);
  }

  load(name: string): Render {
    const known = this.compiled.get(name);
    if (known && (!this.config.reload || this.fresh.has(name))) return known.render;
    const version = this.config.reload ? this.library.version(name) : undefined;
    this.fresh.add(name);
    if (known && known.version === version && version !== undefined) return known.render;
    const source = this.library.read(name);
    const nodes = this.parts.parser.parse(source);
    const render = compileNodes(new Unit(source, this), nodes, null);
    this.compiled.set(name, { version, render });
    return render;
  }

  report(error: Error): void {
    if (this.config.strict) throw error;
    if (this.logged.has(error.message) || this.logged.size >= MAX_LOGGED) return;
    this.logged.add(error.message);
    this.logger.warn(error.message);
  }

  private lookAgain(): void {
    this.fresh.clear();
    this.library.refresh();
  }

  private tooDeep(name: string, cause: unknown): Error {
    const message = 'The template includes itself without end';
    return new TemplateRenderError(message, this.library.read(name), { line: 1, column: 1 }, { cause });
  }
}
