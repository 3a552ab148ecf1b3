import { FrameworkError } from '#core';
import { NotFoundError } from '#http';

/** A list address holds a page, filter, sort or search that cannot be; the list answers with its clean address. */
export class ListAddressError extends FrameworkError {
  readonly code = 'admin.list_address';
  override readonly status = 400;
}

/** No row with this key exists for this user, and nothing is left of one. */
export class RowNotFoundError extends NotFoundError {
  override readonly code = 'admin.row_not_found';
}

/** The posted action does not exist on this list, or the user may not run it. */
export class UnknownActionError extends FrameworkError {
  readonly code = 'admin.unknown_action';
  override readonly status = 400;
}

/** Code asks for the admin of an entity that is not in the admin. */
export class NotInAdminError extends FrameworkError {
  readonly code = 'admin.not_in_admin';
}
