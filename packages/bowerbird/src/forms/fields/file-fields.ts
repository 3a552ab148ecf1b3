import { extname } from 'node:path';

import { type JsonSchema } from '#core';
import { type UploadedFile } from '#http';

import { type FieldIssue } from '../validation/field-issue.js';
import { FileChooser, type FileInput } from '../widgets/file-widget.js';
import { type Widget } from '../widgets/widget.js';
import { Field, type FieldContext, type FieldOptions, type RawInput } from './field.js';

/** What a file field gives: a new file, the stored name of the present one, or null for none. */
export type FileValue = UploadedFile | string | null;

/** Options of file fields. */
export interface FileOptions<T = FileValue> extends FieldOptions<T> {
  /** Bytes. */
  readonly maxSize?: number;
  /** Allowed extensions in lower case without the dot: `['pdf', 'txt']`. */
  readonly extensions?: readonly string[];
  /** Folder on the disk in which an entity's file is stored; ends with a slash. Default: `<app>/<entity>/`. */
  readonly folder?: string;
  /** Name of the disk; the default one unless said otherwise. */
  readonly disk?: string;
  /** Most characters of the stored name; the length of the column for entities. */
  readonly maxLength?: number;
  /** Whether the empty value of the column is null; '' otherwise. */
  readonly nullable?: boolean;
}

/** Room for what a disk adds to a name to make it unique. */
const NAME_RESERVE = 24;

/** An uploaded file. Entity forms store it on save. */
export class FileField<T extends FileValue = UploadedFile | string> extends Field<T> {
  constructor(override readonly options: FileOptions<T> = {}) {
    super(options);
  }

  protected createWidget(): Widget {
    return new FileChooser();
  }

  protected emptyValue(): T {
    return null as T;
  }

  protected override isEmptyInput(): boolean {
    return false;
  }

  protected async toValue(raw: RawInput, { initial }: FieldContext): Promise<T> {
    const { file, clear, text } = (raw ?? {}) as FileInput;
    if (text !== undefined && !file) this.fail('file_missing');
    if (clear && this.required) this.fail('required');
    if (clear && file) this.fail('file_contradiction');
    if (clear) return null as T;
    return (file ?? (typeof initial === 'string' && initial !== '' ? initial : null)) as T;
  }

  protected override async validate(value: T, context: FieldContext): Promise<void> {
    if (typeof value === 'object') await super.validate(value, context);
  }

  protected override *check(value: T): Iterable<FieldIssue> {
    const { fileName, size } = value as UploadedFile;
    const { maxSize, extensions, maxLength } = this.options;
    const extension = extname(fileName).slice(1).toLowerCase();
    if (size === 0) yield this.issue('file_empty');
    if (maxSize !== undefined && size > maxSize)
      yield this.issue('file_size', { size: sizeText(size), max: sizeText(maxSize) });
    if (extensions && !extensions.includes(extension))
      yield this.issue('file_extension', { extension, allowed: extensions.join(', ') });
    const room = maxLength === undefined ? undefined : maxLength - NAME_RESERVE - (this.options.folder?.length ?? 0);
    if (room !== undefined && fileName.length > room) yield this.issue('file_name', { max: room });
  }

  /** Files travel in multipart bodies; JSON can only take one away. */
  override fromJson(value: unknown): RawInput {
    return value === null ? { clear: true } : this.fail('file_missing');
  }

  protected override valueSchema(): JsonSchema {
    return { type: 'null' };
  }

  /** The file itself, as a part of a multipart body. */
  override formSchema(): JsonSchema {
    const { help } = this.options;
    return { type: 'string', format: 'binary', ...(help && { description: help }) };
  }

  /** The stored name without its folders, and its address where the disk can tell it. */
  override present(initial: unknown, { services }: FieldContext): unknown {
    if (typeof initial !== 'string' || initial === '') return null;
    return { name: initial.split('/').at(-1)!, url: services.disk(this.options.disk).url(initial) };
  }

  override show(value: unknown): unknown {
    return typeof value === 'string' ? value : '';
  }

  override hasChanged(before: unknown, after: unknown): boolean {
    return typeof after === 'object' && after !== null ? true : (before || null) !== (after || null);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    const { extensions } = this.options;
    return { accept: extensions?.map((extension) => `.${extension}`).join(',') };
  }
}

// oxlint-disable no-control-regex -- signatures are bytes, control characters among them
/** The first bytes of the accepted formats. SVG is refused: it can carry scripts. */
const SIGNATURES: readonly (readonly [format: string, extensions: readonly string[], pattern: RegExp])[] = [
  ['png', ['png'], /^\x89PNG\r\n\x1a\n/],
  ['jpeg', ['jpg', 'jpeg'], /^\xff\xd8\xff/],
  ['gif', ['gif'], /^GIF8[79]a/],
  ['webp', ['webp'], /^RIFF[^]{4}WEBP/],
  ['avif', ['avif'], /^[^]{4}ftypavi[fs]/],
];

/** An image: judged by its content, and its name must say the same. */
export class ImageField<T extends FileValue = UploadedFile | string> extends FileField<T> {
  constructor(options: FileOptions<T> = {}) {
    super({ extensions: SIGNATURES.flatMap(([, extensions]) => extensions), ...options });
  }

  protected override async validate(value: T, context: FieldContext): Promise<void> {
    await super.validate(value, context);
    if (typeof value === 'object' && !(await isImage(value as UploadedFile))) this.fail('image');
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { accept: 'image/png,image/jpeg,image/gif,image/webp,image/avif' };
  }
}

async function isImage(file: UploadedFile): Promise<boolean> {
  const extension = extname(file.fileName).slice(1).toLowerCase();
  const head = await firstBytes(file, 16);
  return SIGNATURES.some(([, extensions, pattern]) => extensions.includes(extension) && pattern.test(head));
}

/** The first bytes of a file as Latin-1 text, one character for each byte. */
async function firstBytes(file: UploadedFile, count: number): Promise<string> {
  const stream = file.open();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= count) break;
  }
  return Buffer.concat(chunks).subarray(0, count).toString('latin1');
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let [size, unit] = [bytes, 0];
  for (; size >= 1_000 && unit < units.length - 1; unit += 1) size /= 1_000;
  return `${Math.round(size * 10) / 10} ${units[unit]!}`;
}
