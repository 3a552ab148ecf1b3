export { escapeHtml, html, safeHtml, SafeHtml } from './safe-html.js';
export {
  type HelperOptions,
  TemplateContext,
  TemplateContextProvider,
  TemplateDirectory,
  type TemplateDirectoryProvider,
  TemplateHelper,
  TemplateHelperProvider,
} from './template-contributions.js';
export { TemplateRenderer } from './template-renderer.js';
export {
  MissingVariableError,
  TemplateError,
  TemplateNameError,
  TemplateNotFoundError,
  TemplateRenderError,
  TemplateSyntaxError,
  UnsafeOutputError,
} from './templates.errors.js';
export { TemplatesModule } from './templates.module.js';
export { resolveTemplates, TemplatesConfig, type TemplatesOptions } from './templates.options.js';
