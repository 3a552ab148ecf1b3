/** Turns a named template and a plain model into HTML, or into plain text where the name ends with `.txt`. The token by which areas ask for templates. */
export abstract class TemplateRenderer {
  /**
   * Renders a template by its full name without suffix (`admin/list`). The model's own properties are the variables.
   * @throws TemplateNotFoundError, TemplateSyntaxError, MissingVariableError, TemplateRenderError
   */
  abstract render(name: string, model: object): Promise<string>;

  /** Whether a template of this name exists in any directory. */
  abstract has(name: string): boolean;

  /** The full names of all templates, sorted. */
  abstract names(): readonly string[];

  /** The names of the templates that the project and its apps wrote, sorted. */
  abstract projectNames(): readonly string[];

  /** Reads and compiles one template without rendering it. @throws TemplateNotFoundError, TemplateSyntaxError */
  abstract compile(name: string): void;
}
