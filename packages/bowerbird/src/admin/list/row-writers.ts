import { Injectable } from '@nestjs/common';

import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { type ValueFormats } from '../site/value-formats.js';
import { RowWriter } from './row-writer.js';

/** The row writers of every list, compiled once per language. */
@Injectable()
export class RowWriters {
  private readonly compiled = new WeakMap<ValueFormats, Map<AdminDescriptor, RowWriter>>();

  of(descriptor: AdminDescriptor, formats: ValueFormats): RowWriter {
    const own = this.compiled.get(formats) ?? new Map<AdminDescriptor, RowWriter>();
    this.compiled.set(formats, own);
    const writer = own.get(descriptor) ?? new RowWriter(descriptor, formats);
    own.set(descriptor, writer);
    return writer;
  }
}
