import { randomBytes } from 'node:crypto';

/** A file of a multipart form. */
export interface TestFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly type?: string;
}

/** Values of a form: a list means the same name several times. */
export type FormFields = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

/** A request body with its content type. */
export interface EncodedBody {
  readonly type: string;
  readonly content: Buffer;
}

/** Names and values of a form, one pair for each value. */
export function formPairs(fields: FormFields): readonly (readonly [string, string])[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((item) => [name, String(item)] as const);
  });
}

/** A form as `application/x-www-form-urlencoded`. */
export function encodeForm(fields: FormFields): EncodedBody {
  const pairs = new URLSearchParams(formPairs(fields).map(([name, value]): [string, string] => [name, value]));
  return { type: 'application/x-www-form-urlencoded', content: Buffer.from(pairs.toString()) };
}

/** A form with files as `multipart/form-data` (RFC 7578). */
export function encodeMultipart(fields: FormFields, files: Readonly<Record<string, TestFile>>): EncodedBody {
  const boundary = `----bowerbird${randomBytes(12).toString('hex')}`;
  const parts = [
    ...formPairs(fields).map(([name, value]) => part(boundary, `name="${name}"`, undefined, value)),
    ...Object.entries(files).map(([name, file]) =>
      part(boundary, `name="${name}"; filename="${file.name}"`, file.type ?? 'application/octet-stream', file.content),
    ),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { type: `multipart/form-data; boundary=${boundary}`, content: Buffer.concat(parts) };
}

function part(boundary: string, disposition: string, type: string | undefined, content: string | Uint8Array): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n')]);
}
