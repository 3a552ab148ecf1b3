/** `OrderLine` or `address.city` as a part of a file name: `order_line`, `address_city`. */
export function slug(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z\d]+/g, '_')
    .toLowerCase();
}
