import { type Document } from '../serializer/row-writer.js';
import { shownMembers, type Selection, type Shown } from '../serializer/selection.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';
import { defused } from './formula-cell.js';

/** One column: its title, and where its values stand in documents. */
export interface CsvColumn {
  readonly title: string;
  readonly path: readonly string[];
}

/** The columns of the documents of a serializer; those of single documents inside have dots in their titles. */
export function csvColumns(description: SerializerDescription, selection: Selection): readonly CsvColumn[] {
  return shownMembers(description, selection).flatMap((shown) => columnsOf(shown));
}

function columnsOf({ member, document }: Shown): readonly CsvColumn[] {
  const path = member.name.split('.');
  const many = 'many' in member && member.many;
  if (!document || many) return [{ title: member.name, path }];
  return csvColumns(document.description, document.selection).map((inner) => ({
    title: `${member.name}.${inner.title}`,
    path: [...path, ...inner.path],
  }));
}

/** The cell of a document: texts as they are, lists and objects as JSON. */
export function csvCell(document: Document, { path }: CsvColumn, defuse: boolean): string {
  const value = path.reduce<unknown>((holder, step) => (holder as Document | null | undefined)?.[step], document);
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return defuse ? defused(value) : value;
  return JSON.stringify(value);
}
