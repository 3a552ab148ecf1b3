import { type UploadedFile } from '#http';

import { type FormSource } from '../form-source.js';
import { type WidgetState, type WidgetView } from './widget-view.js';
import { Widget } from './widget.js';

/** What a file field sends: a new file, the wish to remove the present one, or neither. */
export interface FileInput {
  readonly file: UploadedFile | undefined;
  readonly clear: boolean;
  /** A text where a file should be: the form was not sent as multipart. */
  readonly text: string | undefined;
}

/** A file chooser with the present file and, where the field is optional, a box to remove it. */
export class FileChooser extends Widget {
  readonly template: string = 'forms/widgets/file';
  override readonly multipart = true;

  override read(source: FormSource, name: string): FileInput {
    const text = source.values.get(name);
    return {
      file: source.file(name),
      clear: /^(true|on|1)$/i.test(source.values.get(clearName(name)) ?? ''),
      text: text === '' ? undefined : text,
    };
  }

  override isOmitted(source: FormSource, name: string): boolean {
    return source.file(name) === undefined && !source.values.has(name) && !source.values.has(clearName(name));
  }

  override view(state: WidgetState): WidgetView {
    const { name, id, required, initial } = state;
    const present = presentFile(initial);
    const attrs = { id, class: 'bb-file', ...state.attrs, ...this.attrs, required: required && !present };
    const extra = {
      present,
      clearName: clearName(name),
      clearId: `${id}-clear`,
      clearable: !required && present !== null,
    };
    return { template: this.template, type: 'file', name, id, value: '', attrs, extra };
  }
}

/** The file that a row already has: its stored name, and its address where one was given. */
function presentFile(initial: unknown): { readonly name: string; readonly url: string | null } | null {
  if (typeof initial === 'string' && initial !== '') return { name: initial, url: null };
  if (typeof initial !== 'object' || initial === null || !('name' in initial)) return null;
  const { name, url } = initial as { name: unknown; url?: unknown };
  return { name: String(name), url: typeof url === 'string' ? url : null };
}

const clearName = (name: string): string => `${name}-clear`;
