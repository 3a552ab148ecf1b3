import { type ActionDescription, type ViewSetDescription } from '../viewset/viewset-description.js';

/** A name in small letters with underscores: `partialUpdate` is `partial_update`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase();
}

/** The name by which clients call an operation: `posts_partial_update`. */
export function operationId(resource: string, action: string, version?: string): string {
  return [resource, action, ...(version === undefined ? [] : [`v${version}`])].map(snakeCase).join('_');
}

type Says = (viewset: ViewSetDescription) => string;

const SUMMARIES: Readonly<Record<string, Says>> = {
  list: ({ entity }) => `List ${lower(entity.labelPlural)}`,
  create: ({ entity }) => `Make ${article(entity.label)}`,
  retrieve: ({ entity }) => `Show ${article(entity.label)}`,
  update: ({ entity }) => `Replace the values of ${article(entity.label)}`,
  partialUpdate: ({ entity }) => `Change values of ${article(entity.label)}`,
  destroy: ({ entity }) => `Delete ${article(entity.label)}`,
};

/** One line about an operation. */
export function summaryOf(viewset: ViewSetDescription, { name, standard, options }: ActionDescription): string {
  if (standard) return SUMMARIES[standard]!(viewset);
  const words = snakeCase(name).replaceAll('_', ' ');
  return options?.summary ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function article(label: string): string {
  return `${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${lower(label)}`;
}

/** In small letters, apart from abbreviations. */
function lower(label: string): string {
  return /^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}
