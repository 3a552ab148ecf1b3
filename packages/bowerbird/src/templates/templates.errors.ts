import { FrameworkError, type FrameworkErrorOptions, type SourcePlace } from '#core';

import { type TemplateSource } from './library/template-source.js';

/** Where in a template: both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An error in a template: says which, where, and shows the lines around it. */
export abstract class TemplateError extends FrameworkError implements SourcePlace {
  /** Full name of the template: `admin/list`. */
  readonly template: string;
  /** Absolute path of its file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The lines around the place, numbered, the place marked. */
  readonly excerpt: string;

  constructor(message: string, source: TemplateSource, at: Position, options?: FrameworkErrorOptions) {
    super(`${source.name}.hbs:${at.line}:${at.column}: ${message}`, options);
    this.template = source.name;
    this.file = source.file;
    this.line = at.line;
    this.column = at.column;
    this.excerpt = source.excerpt(at);
  }
}

/** The text of a template is not a template. */
export class TemplateSyntaxError extends TemplateError {
  readonly code = 'templates.syntax';
}

/** A template prints a variable that its model does not have. */
export class MissingVariableError extends TemplateError {
  readonly code = 'templates.missing_variable';
}

/** A template failed while it was rendered; the cause is kept. */
export class TemplateRenderError extends TemplateError {
  readonly code = 'templates.render';
}

/** A template prints a value where it could change the meaning of the markup. */
export class UnsafeOutputError extends TemplateError {
  readonly code = 'templates.unsafe_output';
}

/** No directory has a template of this name. */
export class TemplateNotFoundError extends FrameworkError {
  readonly code = 'templates.not_found';

  constructor(name: string, directories: readonly string[], hint: string) {
    const searched = directories.length > 0 ? directories.join(', ') : 'no directories';
    super(`No template named "${name}" in ${searched}`, {
      hint: hint || `Create ${name}.hbs in one of the directories`,
    });
  }
}

/** A template name that could leave the template directories, or no name at all. */
export class TemplateNameError extends FrameworkError {
  readonly code = 'templates.bad_name';

  constructor(name: unknown) {
    super(`${JSON.stringify(name)} is no template name`, {
      hint: 'Write it as words joined by slashes, without .hbs: admin/list; .txt or .html may follow',
    });
  }
}
