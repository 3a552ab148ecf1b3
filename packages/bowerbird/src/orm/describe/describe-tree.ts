import { type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { pathOf } from './describe-relation.js';
import { type RelationColumn, type TreeDescription } from './entity-description.js';
import { pairTable } from './schema-of.js';

/** How the rows of an entity form a tree; nothing where they do not, or where the parent alone says it. */
export function treeOf(metadata: EntityMetadata): { readonly tree?: TreeDescription } {
  const { treeType, materializedPathColumn, nestedSetLeftColumn, nestedSetRightColumn } = metadata;
  if (treeType === 'materialized-path' && materializedPathColumn)
    return { tree: Object.freeze({ path: materializedPathColumn.databaseName }) };
  if (treeType === 'nested-set' && nestedSetLeftColumn && nestedSetRightColumn) {
    const bounds = [nestedSetLeftColumn.databaseName, nestedSetRightColumn.databaseName] as const;
    return { tree: Object.freeze({ bounds }) };
  }
  return treeType === 'closure-table' ? { tree: Object.freeze({ closure: closureOf(metadata) }) } : {};
}

function closureOf({ closureJunctionTable }: EntityMetadata): NonNullable<TreeDescription['closure']> {
  const { ancestorColumns, descendantColumns } = closureJunctionTable;
  return Object.freeze({
    ...pairTable(closureJunctionTable),
    ancestors: Object.freeze(ancestorColumns.map(referenceOf)),
    descendants: Object.freeze(descendantColumns.map(referenceOf)),
  });
}

function referenceOf(column: ColumnMetadata): RelationColumn {
  return Object.freeze({ column: column.databaseName, references: pathOf(column.referencedColumn!) });
}
