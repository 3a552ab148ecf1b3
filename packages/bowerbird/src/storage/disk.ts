import { type Readable } from 'node:stream';

/** Who may read the files of a disk by their addresses. */
export type Visibility = 'public' | 'private';

/**
 * A place for files, addressed by names: relative paths with slashes (`covers/2026/lion.jpg`).
 * Every method refuses a name that is absolute, climbs (`..`), or holds control characters or backslashes.
 */
export abstract class Disk {
  /** Whether addresses work for everybody or are signed and expire. */
  abstract readonly visibility: Visibility;
  /**
   * Stores content and returns its final name: the wanted name made safe, with a random part when it is taken. A reader
   * never sees a half-written file. @throws InvalidNameError, StorageFullError
   */
  abstract save(name: string, content: Readable | Uint8Array): Promise<string>;
  /** A stream over the content, or over the bytes from `start` to `end`, both included. @throws FileMissingError */
  abstract open(name: string, range?: ByteRange): Promise<Readable>;
  /** Deletes a file; one that is not there is no error. */
  abstract delete(name: string): Promise<void>;
  abstract exists(name: string): Promise<boolean>;
  /** Bytes. @throws FileMissingError */
  abstract size(name: string): Promise<number>;
  /** When the content was stored. @throws FileMissingError */
  abstract modified(name: string): Promise<Date>;
  /** The address of a file; on a private disk it is signed and expires. */
  abstract url(name: string): string;
}

/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
