import { TemplateDirectory } from '#templates';

/** The templates `forms/…`. */
@TemplateDirectory('forms')
export class FormTemplates {
  readonly url = new URL('./templates/', import.meta.url);
}
