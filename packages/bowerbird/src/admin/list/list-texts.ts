import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { noun } from '../site/labels.js';
import { type ValueFormats } from '../site/value-formats.js';
import { type ListRows } from './list-rows.js';
import { listAddress, type ListState } from './list-state.js';

/** The number of rows below the title, with the link that asks for the exact one. */
export interface CountView {
  readonly text: string;
  readonly exactUrl: string | null;
}

/** What stands in the place of an empty list. */
export interface BlankView {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  readonly action: { readonly url: string; readonly label: string; readonly primary: boolean } | null;
}

/** `138,398 cities`, `about 5,000,000 cities`, `more than 10,000 cities`. */
export function countView(
  descriptor: AdminDescriptor,
  { total }: ListRows,
  state: ListState,
  formats: ValueFormats,
): CountView {
  const many = noun(descriptor.labelPlural);
  const count = formats.count(total.count);
  if (total.kind === 'exact')
    return {
      text: total.count === 1 ? `1 ${noun(descriptor.label)}` : `${total.count === 0 ? 'No' : count} ${many}`,
      exactUrl: null,
    };
  const text = total.kind === 'about' ? `About ${count} ${many}` : `More than ${count} ${many}`;
  return { text, exactUrl: listAddress({ ...state, exact: true }) };
}

/** An empty list either invites to add the first row or says that nothing matches. */
export function blankView(descriptor: AdminDescriptor, narrowed: boolean, addUrl: string | null): BlankView {
  const [one, many] = [noun(descriptor.label), noun(descriptor.labelPlural)];
  if (narrowed)
    return {
      icon: 'search',
      title: 'Nothing matches',
      text: `No ${one} matches the search and the filters.`,
      action: { url: descriptor.path, label: `Show all ${many}`, primary: false },
    };
  return {
    icon: descriptor.icon,
    title: `No ${many} yet`,
    text: addUrl ? `The first ${one} that you add appears here.` : `There are no ${many} that you may see.`,
    action: addUrl ? { url: addUrl, label: `Add ${one}`, primary: true } : null,
  };
}
