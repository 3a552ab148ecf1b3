import { Injectable } from '@nestjs/common';

import { BadSignatureError, Clock, Signer } from '#core';
import { keyText } from '#forms';
import { type EntityKey } from '#orm';

import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { type AdminForm } from './admin-form.js';

const SALT = 'admin.row-version';
const VALUE_SALT = 'admin.row-version.value';

/** What a form was loaded with: when, and a fingerprint of each value. */
export interface RowVersion {
  /** The row that it is of, as fingerprints know it. */
  readonly row: string;
  readonly at: Date;
  /** Fingerprint by path; null when it is unknown what the form was loaded with. */
  readonly prints: ReadonlyMap<string, string> | null;
}

interface Token {
  readonly entity: string;
  readonly key: string;
  readonly at: number;
  readonly prints: Readonly<Record<string, string>>;
}

/**
 * Signs, into each change form, what its row held. A fingerprint stands for each value that the form edits, its
 * many-to-many links included: it tells which of them others changed meanwhile, needs no version column, and reveals
 * nothing, because it is made with the secret key and for one row: equal values of two rows have different ones.
 */
@Injectable()
export class RowVersions {
  constructor(
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  /** The token for a form that shows the current values of its row. */
  async sign(descriptor: AdminDescriptor, key: EntityKey, form: AdminForm): Promise<string> {
    const token: Token = {
      entity: descriptor.key,
      key: keyText(key),
      at: this.clock.now().getTime(),
      prints: Object.fromEntries(await this.prints(rowOf(descriptor, key), form)),
    };
    return this.signer.sign(SALT, JSON.stringify(token));
  }

  /** What a posted token says. One that is missing, forged or of another row says nothing. */
  read(descriptor: AdminDescriptor, key: EntityKey, token: string | undefined): RowVersion {
    const known = this.open(token ?? '');
    const row = rowOf(descriptor, key);
    if (!known || known.entity !== descriptor.key || known.key !== keyText(key))
      return { row, at: new Date(0), prints: null };
    return { row, at: new Date(known.at), prints: new Map(Object.entries(known.prints)) };
  }

  /** The paths whose values changed since the form was loaded. `form` holds the row as it is now. */
  async changedSince(version: RowVersion, form: AdminForm): Promise<ReadonlySet<string>> {
    const now = await this.prints(version.row, form);
    const { prints } = version;
    return new Set(
      [...now]
        .filter(([path, print]) => !prints || (prints.has(path) && prints.get(path) !== print))
        .map(([path]) => path),
    );
  }

  /** The paths whose entered values differ from those that the form was loaded with. */
  async enteredSince({ row, prints }: RowVersion, form: AdminForm): Promise<ReadonlySet<string>> {
    const entered = await form.enteredTexts();
    return new Set(
      [...entered].filter(([path, text]) => prints?.get(path) !== this.print(row, path, text)).map(([path]) => path),
    );
  }

  private async prints(row: string, form: AdminForm): Promise<readonly (readonly [string, string])[]> {
    return [...(await form.loadedTexts())].map(([path, text]) => [path, this.print(row, path, text)] as const);
  }

  private print(row: string, path: string, text: string): string {
    return this.signer.signature(VALUE_SALT, JSON.stringify([row, path, text])).slice(0, 16);
  }

  private open(token: string): Token | null {
    try {
      return JSON.parse(this.signer.unsign(SALT, token)) as Token;
    } catch (error) {
      if (error instanceof BadSignatureError) return null;
      throw error;
    }
  }
}

function rowOf({ key: entity }: AdminDescriptor, key: EntityKey): string {
  return JSON.stringify([entity, keyText(key)]);
}
