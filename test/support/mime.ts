/** A part of a message (RFC 2045), decoded. */
export interface MimePart {
  /** By lower-case name; encoded words (RFC 2047) are decoded. */
  readonly headers: ReadonlyMap<string, string>;
  /** `text/plain`. */
  readonly type: string;
  readonly filename: string | undefined;
  readonly content: Buffer;
}

/** What a message says, as a mail program would show it. */
export interface MimeMessage {
  readonly headers: ReadonlyMap<string, string>;
  /** The headers as they were sent. */
  readonly head: string;
  readonly text: string;
  readonly html: string | null;
  readonly files: readonly { readonly filename: string; readonly content: Uint8Array }[];
}

/** Reads a message as mail programs do; enough for those that tests send. */
export function readMessage(source: string): MimeMessage {
  const parts = partsOf(source);
  const textOf = (type: string) => parts.find((part) => part.type === type && !part.filename)?.content.toString('utf8');
  const [head] = split(source);
  return {
    head,
    headers: headersOf(head),
    text: textOf('text/plain')?.replaceAll('\r\n', '\n') ?? '',
    html: textOf('text/html')?.replaceAll('\r\n', '\n') ?? null,
    files: parts.flatMap(({ filename, content }) => (filename === undefined ? [] : [{ filename, content }])),
  };
}

/** The leaves of a message, in their order. */
function partsOf(source: string): readonly MimePart[] {
  const [head, body] = split(source);
  const headers = headersOf(head);
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return [leafOf(headers, type, body)];
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((part) => partsOf(part.replace(/^\r\n/, '').replace(/\r\n$/, '')));
}

function split(source: string): readonly [head: string, body: string] {
  const end = source.indexOf('\r\n\r\n');
  return end < 0 ? [source, ''] : [source.slice(0, end), source.slice(end + 4)];
}

function headersOf(head: string): ReadonlyMap<string, string> {
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      words(line.slice(line.indexOf(':') + 1).trim()),
    ]),
  );
}

/** `=?UTF-8?Q?F=C3=BC=C3=9Fe?=` */
function words(value: string): string {
  return value.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/(?:=\?utf-8\?[qb]\?[^?]*\?=)+/gi, (run) => {
    const bytes = [...run.matchAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi)].map(([, kind, text]) =>
      kind!.toLowerCase() === 'b' ? Buffer.from(text!, 'base64') : quotedPrintable(text!.replaceAll('_', ' ')),
    );
    return Buffer.concat(bytes).toString('utf8');
  });
}

function leafOf(headers: ReadonlyMap<string, string>, type: string, body: string): MimePart {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase();
  const decode: Record<string, (text: string) => Buffer> = {
    base64: (text) => Buffer.from(text, 'base64'),
    'quoted-printable': quotedPrintable,
  };
  const content = (decode[encoding ?? ''] ?? ((text: string) => Buffer.from(text, 'latin1')))(body);
  return { headers, type: type.split(';', 1)[0]!.trim(), filename: filenameOf(headers), content };
}

/** RFC 2231, as mail programs write names that are not ASCII; quoted otherwise. */
function filenameOf(headers: ReadonlyMap<string, string>): string | undefined {
  const value = headers.get('content-disposition') ?? '';
  const pieces = [...value.matchAll(/filename\*(?:\d+\*?)?=(?:"([^"]*)"|([^;]*))/g)].map(
    ([, one, other]) => one ?? other!,
  );
  if (pieces.length > 0)
    return decodeURIComponent(
      pieces
        .join('')
        .trim()
        .replace(/^utf-8''/i, ''),
    );
  const quoted = /filename="((?:\\.|[^"\\])*)"|filename=([^;\s]*)/.exec(value);
  return quoted ? (quoted[1]?.replaceAll(/\\(.)/g, '$1') ?? quoted[2]) : undefined;
}

function quotedPrintable(text: string): Buffer {
  const plain = text.replaceAll(/=\r\n/g, '').replaceAll(/=([\dA-F]{2})/gi, (_, code: string) => {
    return String.fromCharCode(Number.parseInt(code, 16));
  });
  return Buffer.from(plain, 'latin1');
}
