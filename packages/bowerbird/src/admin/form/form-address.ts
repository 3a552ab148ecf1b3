import { type EntityKey } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { keySegment } from '../site/row-key.js';

const MAX_LIST = 4_000;

/** What the address of a form says beside its row. */
export interface FormAddress {
  /** Query string of the list from which the visitor came, without `?`. */
  readonly list: string;
  /** The form is in a small window that another form has opened. */
  readonly popup: boolean;
}

/** Reads the address of a form. */
export function readFormAddress({ request }: AdminContext): FormAddress {
  const { _list: list, _popup: popup } = request.query;
  return { list: typeof list === 'string' && list.length <= MAX_LIST ? list : '', popup: popup === '1' };
}

/** The query string that carries an address on; starts with `?` or is empty. */
export function carried({ list, popup }: FormAddress): string {
  const query = new URLSearchParams();
  if (list !== '') query.set('_list', list);
  if (popup) query.set('_popup', '1');
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The list as the visitor left it. It is always below the entity's own path, whatever the address said. */
export function listUrl({ path }: AdminDescriptor, { list }: FormAddress): string {
  return list === '' ? path : `${path}?${list.replaceAll(/[\s#]/g, encodeURIComponent)}`;
}

/** The address of a page of one row: `change`, `delete` or `history`. */
export function rowUrl({ path }: AdminDescriptor, key: EntityKey, page: string, address: FormAddress): string {
  return `${path}${keySegment(key)}/${page}/${carried(address)}`;
}
