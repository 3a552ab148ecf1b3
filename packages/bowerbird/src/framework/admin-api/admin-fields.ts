import { ModelAdmin, type AdminDescriptor, type ColumnDescriptor } from '#admin';
import { type SerializerOptions } from '#api';
import { type FieldDescription } from '#orm';

/** The names of a serializer that shows what the pages of an admin show. */
export type AdminFields = Pick<SerializerOptions, 'fields'> &
  Required<Pick<SerializerOptions, 'readOnly' | 'writeOnly' | 'source'>>;

/**
 * What the API shows and takes of an entity of the admin: its key, what stands on its form, and the columns of its list.
 * Secrets are taken where the form takes them, and never shown. Values that methods compute stay on the pages.
 */
export function describeFields(descriptor: AdminDescriptor): AdminFields {
  const { entity, form } = descriptor;
  const editable = new Set(form.editable);
  const shown = [
    ...entity.primaryKey,
    ...form.fieldsets.flatMap(({ lines }) => lines.flat()),
    ...columnNames(descriptor),
  ];
  const own = [...new Set(shown)].filter((name) => isShown(descriptor, name, editable));
  const source = sourcesOf(descriptor, own);
  return {
    fields: [...own, ...Object.keys(source)],
    readOnly: [...own.filter((name) => !editable.has(name)), ...Object.keys(source)],
    writeOnly: own.filter((name) => isSecret(entity.field(name))),
    source,
  };
}

/** Whether a column must never leave the server. */
export function isSecret(field: FieldDescription | null | undefined): boolean {
  return field !== null && field !== undefined && (field.sensitive || field.format === 'password');
}

function isShown({ entity }: AdminDescriptor, name: string, editable: ReadonlySet<string>): boolean {
  const field = entity.field(name);
  if (!field) return entity.relation(name) !== undefined;
  return editable.has(name) || !(isSecret(field) || field.kind === 'binary');
}

/** An admin class that chooses the columns by the user hides some of them, so that none of them is taken over. */
function listed({ admin, columns }: AdminDescriptor): readonly ColumnDescriptor[] {
  return admin.columns === ModelAdmin.prototype.columns ? columns : [];
}

function columnNames(descriptor: AdminDescriptor): readonly string[] {
  return listed(descriptor).map(({ name }) => name);
}

/** Columns of rows that a row refers to, under names without dots: `author.name` is `authorName`. */
function sourcesOf(descriptor: AdminDescriptor, taken: readonly string[]): Readonly<Record<string, string>> {
  const { entity, form } = descriptor;
  const readers = [...form.readOnly.map((name) => form.readers.get(name)!), ...listed(descriptor)];
  const far = readers.filter(({ name, field }) => field && !entity.field(name) && !isSecret(field));
  const named = far.map(({ name }) => [camelCase(name), name] as const);
  return Object.fromEntries(named.filter(([name]) => !taken.includes(name)));
}

function camelCase(path: string): string {
  return path.replaceAll(/\.(.)/g, (_, first: string) => first.toUpperCase());
}
