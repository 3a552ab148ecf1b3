import { type IncomingMessage } from 'node:http';
import { type Readable } from 'node:stream';

import busboy from 'busboy';

import { type HttpRequest, type HttpResponse, type UploadedFile } from '../http-request.js';
import { MalformedBodyError, PayloadTooLargeError } from '../http.errors.js';
import { type Limits } from '../http.options.js';
import { ClientGone, describeBytes, tooLarge } from './body-source.js';
import { FormValues } from './form-values.js';
import { safeFileName, UploadDirectory } from './upload-directory.js';
import { checkField, fieldTooLarge, tooManyFields } from './urlencoded-body.js';

/** The fields and files of a multipart form. */
export interface MultipartForm {
  readonly values: FormValues;
  readonly files: Readonly<Record<string, readonly UploadedFile[]>>;
}

/** What is read from one multipart body, part by part. */
class MultipartReading {
  readonly fields: (readonly [string, string])[] = [];
  readonly stored: Promise<UploadedFile>[] = [];
  private readonly directory: UploadDirectory;

  constructor(
    private readonly limits: Limits,
    response: HttpResponse,
    private readonly fail: (error: Error) => void,
  ) {
    this.directory = new UploadDirectory(limits.temporaryDirectory, response);
  }

  takeField(name: string | undefined, value: string, info: busboy.FieldInfo): void {
    try {
      if (name === undefined || info.nameTruncated)
        throw new MalformedBodyError('A part of the form has no valid name');
      if (info.valueTruncated) throw fieldTooLarge(name, this.limits);
      checkField(name, value);
      this.fields.push([name, value]);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  takeFile(name: string | undefined, content: Readable, info: busboy.FileInfo): void {
    // A form that is given up destroys its open part, perhaps before anybody reads that.
    content.on('error', () => undefined);
    // Browsers send an empty part for a file field that was left empty.
    if (name === undefined || name === '__proto__' || !info.filename) return void content.resume();
    const fileName = safeFileName(info.filename);
    content.on('limit', () => this.fail(this.fileTooLarge(fileName)));
    const stored = this.directory.store(content, { fieldName: name, fileName, mediaType: info.mimeType });
    stored.catch((error: unknown) => this.fail(error as Error));
    this.stored.push(stored);
  }

  /** Waits for the files. */
  async finish(): Promise<MultipartForm> {
    // Without a prototype: a client may name a field `constructor` or `toString`.
    const files = Object.create(null) as Record<string, UploadedFile[]>;
    for (const file of await Promise.all(this.stored)) (files[file.fieldName] ??= []).push(file);
    return { values: new FormValues(this.fields), files };
  }

  /** Removes what was stored, once nothing writes any more. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.stored);
    await this.directory.remove();
  }

  private fileTooLarge(fileName: string): PayloadTooLargeError {
    return new PayloadTooLargeError(`The file "${fileName}" is larger than ${describeBytes(this.limits.fileBytes)}`);
  }
}

/**
 * Reads a multipart form (RFC 7578) as a stream: fields into memory, files into temporary files.
 * @throws MalformedBodyError, PayloadTooLargeError, UploadStorageError, ClientGone
 */
export function readMultipart(request: HttpRequest, response: HttpResponse, limits: Limits): Promise<MultipartForm> {
  const source = request as unknown as IncomingMessage;
  const parser = createParser(source, limits);
  return new Promise<MultipartForm>((resolve, reject) => {
    const fail = (error: Error): void => {
      source.off('data', count).unpipe(parser);
      parser.removeAllListeners('finish');
      // Not at once: the parser may be in the middle of a chunk.
      setImmediate(() => parser.destroy());
      void reading.discard();
      reject(error);
    };
    const reading = new MultipartReading(limits, response, fail);
    let length = 0;
    const count = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limits.multipartBytes) fail(tooLarge(limits.multipartBytes));
    };
    source.on('data', count);
    source.once('close', () => source.complete || fail(new ClientGone()));
    parser.on('field', (name, value, info) => reading.takeField(name, value, info));
    parser.on('file', (name, content, info) => reading.takeFile(name, content, info));
    parser.on('fieldsLimit', () => fail(tooManyFields(limits)));
    parser.on('partsLimit', () => fail(tooManyFields(limits)));
    parser.on('filesLimit', () => fail(new PayloadTooLargeError(`The form has more than ${limits.files} files`)));
    parser.on('error', (cause) => fail(new MalformedBodyError('The multipart form is broken', { cause })));
    parser.on('finish', () => void reading.finish().then(resolve, fail));
    source.pipe(parser);
  });
}

function createParser(source: IncomingMessage, limits: Limits): busboy.Busboy {
  try {
    return busboy({
      headers: source.headers,
      defParamCharset: 'utf8',
      limits: {
        fieldNameSize: 200,
        fieldSize: limits.fieldBytes,
        fields: limits.fields,
        fileSize: limits.fileBytes,
        files: limits.files,
        parts: limits.fields + limits.files,
        headerPairs: 50,
      },
    });
  } catch (cause) {
    throw new MalformedBodyError('The multipart form names no boundary', { cause });
  }
}
