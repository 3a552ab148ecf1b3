import { type TemplateNode } from './compile/nodes.js';
import { type TemplateSource } from './library/template-source.js';

/** Reads the text of a template; the syntax is the driver's. */
export abstract class TemplateParser {
  /** @throws TemplateSyntaxError */
  abstract parse(source: TemplateSource): readonly TemplateNode[];
}
