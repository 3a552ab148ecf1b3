import { plainTextField, type EntityDescription } from '#orm';
import { escapeHtml } from '#templates';

import { type AdminDescriptor, type ColumnDescriptor } from '../site/admin-descriptor.js';
import { keySegment } from '../site/row-key.js';
import { type ValueFormats } from '../site/value-formats.js';

/** What differs between two pages of the same list. */
export interface RowOptions {
  /** Columns by name, in order. */
  readonly columns: readonly string[];
  /** Rows have a checkbox for actions. */
  readonly selectable: boolean;
  /** Rows link to their forms. */
  readonly linked: boolean;
  /** Query string of links to rows, by which the form finds its way back; starts with `?` or is empty. */
  readonly back: string;
}

type CellWriter = (row: object, href: string) => string;

/**
 * Writes the rows of a list. This is the one place where markup is not in a template: a page of 100 rows has 500 cells
 * and more, and concatenating what was compiled at boot takes a fraction of what walking a template does.
 */
export class RowWriter {
  private readonly cells: ReadonlyMap<string, { readonly bare: CellWriter; readonly linked: CellWriter }>;
  private readonly segment: (row: object) => string;
  private readonly text: (row: object) => string;

  constructor(
    private readonly descriptor: Pick<AdminDescriptor, 'columns' | 'entity' | 'path' | 'plainPaths'>,
    formats: ValueFormats,
  ) {
    const { columns, plainPaths, entity } = descriptor;
    this.segment = segmentReader(entity);
    this.text = plainPaths ? textReader(entity) : (row) => entity.text(row);
    const shown = plainPaths ? columns.map(plainColumn) : columns;
    this.cells = new Map(
      shown.map((column, index) => [
        column.name,
        {
          bare: cellWriter(column, formats, false, index === 0),
          linked: cellWriter(column, formats, column.link, index === 0),
        },
      ]),
    );
  }

  /** The table rows of a page; values and attributes are escaped. */
  write(rows: readonly object[], { columns, selectable, linked, back }: RowOptions): string {
    const { path } = this.descriptor;
    const cells = columns.map((name) => this.cells.get(name)![linked ? 'linked' : 'bare']);
    const suffix = `/change/${escapeHtml(back)}`;
    let html = '';
    for (const row of rows) {
      const segment = this.segment(row);
      html += selectable ? `<tr>${selectCell(segment, this.text(row))}` : '<tr>';
      const href = `${path}${segment}${suffix}`;
      for (const cell of cells) html += cell(row, href);
      html += '</tr>\n';
    }
    return html;
  }
}

/** Numbers need no quoting, which spares most rows the general way. */
function segmentReader(entity: EntityDescription): (row: object) => string {
  const [path, ...more] = entity.primaryKey;
  const general = (row: object) => keySegment(entity.keyOf(row));
  if (path === undefined || more.length > 0) return general;
  return (row) => {
    const value = (row as Record<string, unknown>)[path];
    return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : general(row);
  };
}

/** The text of a row of bare values is one of them; the general way fills in where it is empty. */
function textReader(entity: EntityDescription): (row: object) => string {
  const path = plainTextField(entity);
  if (path === undefined) return (row) => entity.text(row);
  return (row) => {
    const value = (row as Record<string, unknown>)[path];
    return typeof value === 'string' && value !== '' ? value : entity.text(row);
  };
}

/** A column as it is read from a row of bare values, where relations are already their text. */
function plainColumn(column: ColumnDescriptor): ColumnDescriptor {
  const path = column.plain!;
  const read = (row: object) => (row as Record<string, unknown>)[path];
  return column.related || column.name === 'toString'
    ? { ...column, read, related: null, kind: 'text' }
    : { ...column, read };
}

function selectCell(segment: string, text: string): string {
  return `<td><input type="checkbox" name="selected" value="${segment}" aria-label="Select ${escapeHtml(text)}"></td>`;
}

/** The first column heads its row, so that screen readers name the row by it. */
function cellWriter(column: ColumnDescriptor, formats: ValueFormats, link: boolean, heads: boolean): CellWriter {
  const { read } = column;
  const write = formats.writerOf(column);
  const look = cellClass(column);
  const open = heads ? `<th scope="row"${look}>` : `<td${look}>`;
  const close = heads ? '</th>' : '</td>';
  if (!link) return (row) => open + write(read(row)) + close;
  return (row, href) => `${open}<a href="${href}">${withoutLinks(write(read(row)))}</a>${close}`;
}

/** A link cannot hold another one. */
function withoutLinks(markup: string): string {
  return markup.includes('<a ') ? markup.replaceAll(/<a [^>]*>|<\/a>/g, '') : markup;
}

function cellClass({ kind, field }: ColumnDescriptor): string {
  if (isNumber({ kind, field })) return ' class="bb-number"';
  const shape = kind ?? field?.kind;
  return shape === 'date' || shape === 'datetime' || shape === 'time' ? ' class="bb-nowrap"' : '';
}

/** Whether the values of a column are numbers, which stand at the right. */
export function isNumber({ kind, field }: Pick<ColumnDescriptor, 'kind' | 'field'>): boolean {
  if (kind !== null) return kind === 'number';
  if (!field || field.choices || field.primary) return false;
  return field.kind === 'integer' || field.kind === 'bigint' || field.kind === 'float' || field.kind === 'decimal';
}
