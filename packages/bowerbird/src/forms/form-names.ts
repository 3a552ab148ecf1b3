/** `firstName` or `first_name` as a label: `First name`. */
export function labelOf(name: string): string {
  const last = name.split('.').at(-1)!;
  const words = last
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The method that cleans a field: `cleanFirstName` for `firstName`, `cleanAddressCity` for `address.city`. */
export function hookName(field: string): string {
  return `clean${field
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`;
}

/** The name that browsers send. */
export function htmlName(prefix: string, field: string): string {
  return prefix ? `${prefix}-${field}` : field;
}

/** The id of the control of a name. */
export function htmlId(name: string): string {
  return `id_${name.replaceAll(/[^\w-]/g, '_')}`;
}
