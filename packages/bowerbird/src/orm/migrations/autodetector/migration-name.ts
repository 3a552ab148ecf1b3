import { type Operation } from '../operations/operation.js';

/** Longest name that is made from operations. */
const LONGEST = 60;

/** A name made from what a migration does: `product_sku`, `product_sku_drop_old`, `product_sku_and_more`. */
export function migrationName(operations: readonly Operation[], first: boolean): string {
  if (first && operations.length > 0) return 'initial';
  const slugs = [...new Set(operations.map(({ slug }) => slug))];
  if (slugs.length === 0) return 'custom';
  const all = slugs.join('_');
  if (all.length <= LONGEST) return all;
  const fitting = slugs.filter(
    (_, index) => slugs.slice(0, index + 1).join('_').length <= LONGEST - '_and_more'.length,
  );
  return fitting.length > 0 ? `${fitting.join('_')}_and_more` : slugs[0]!.slice(0, LONGEST);
}
