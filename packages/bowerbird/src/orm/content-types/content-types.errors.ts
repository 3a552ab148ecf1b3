import { FrameworkError } from '#core';

/** A generic reference or relation is used in an application, or in a database, that has no content types. */
export class ContentTypesMissingError extends FrameworkError {
  readonly code = 'orm.content_types_missing';

  constructor(what: string) {
    super(`${what} needs content types, which are not there`, {
      hint: 'List ContentTypesModule in settings.apps, in the database of the rows that refer, and migrate',
    });
  }
}
