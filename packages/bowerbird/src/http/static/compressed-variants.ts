import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

/** A content encoding that clients may accept. */
export type Encoding = 'br' | 'gzip';

const COMPRESS: Readonly<Record<Encoding, (content: Buffer) => Promise<Buffer>>> = {
  br: promisify(brotliCompress),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
};

/** Compressed forms of contents that never change, made once on first demand. */
export class CompressedVariants {
  private readonly made = new Map<string, Promise<Buffer>>();

  /** @param key names the content */
  get(key: string, content: Buffer, encoding: Encoding): Promise<Buffer> {
    const name = `${encoding}:${key}`;
    const made = this.made.get(name) ?? COMPRESS[encoding](content);
    this.made.set(name, made);
    return made;
  }
}

/** The best encoding that a client accepts, or undefined for the plain content. */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  const accepted = (header ?? '')
    .split(',')
    .filter((item) => !/;\s*q=0(?:\.0*)?\s*$/.test(item))
    .map((item) => item.split(';', 1)[0]!.trim());
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}
