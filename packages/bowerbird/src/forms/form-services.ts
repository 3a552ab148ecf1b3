import { APPLICATION, contextValue, type AnyClass, type Class } from '#core';
import { Databases, Descriptions, type Database, type EntityDescription } from '#orm';
import { Disks, type Disk } from '#storage';

import { MissingServiceError } from './forms.errors.js';

/** Services that may be given to a form; otherwise they come from the ambient application. */
export interface GivenServices {
  readonly database?: Database;
  readonly disk?: Disk;
}

/** Where a form gets its database and its disks. */
export class FormServices {
  constructor(
    private readonly form: string,
    private readonly given: GivenServices,
  ) {}

  /** The database of an alias. @throws MissingServiceError */
  database(alias: string): Database {
    return this.given.database ?? this.ambient(Databases, 'database').get(alias);
  }

  /** What is known of an entity. @throws MissingServiceError */
  describe<E extends object>(entity: Class<E>): EntityDescription<E> {
    return (this.given.database?.descriptions ?? this.ambient(Descriptions, 'database')).of(entity);
  }

  /** A disk by name, the default one without. @throws MissingServiceError */
  disk(name?: string): Disk {
    if (this.given.disk) return this.given.disk;
    const disks = this.ambient(Disks, 'disk');
    return name === undefined ? disks.default : disks.get(name);
  }

  private ambient<T>(token: AnyClass<T>, name: string): T {
    const application = contextValue(APPLICATION);
    if (!application) throw new MissingServiceError(this.form, name);
    return application.get(token);
  }
}
