import { FormErrors, FormInvalidError, ValidationError, WHOLE_FORM, type EntityForm } from '#forms';
import { type Database } from '#orm';

import { InvalidInputError } from '../api.errors.js';
import { runsAfter, runsBefore } from './lone-rows.js';
import { type InputContext, type WrittenContext } from './serializer-context.js';
import { type NestedMember, type SerializerDescription } from './serializer-description.js';

/** Nested input of one member: rows to write, or null to take the row away. */
export interface PreparedNested {
  readonly member: NestedMember;
  /** One for relations to one row. */
  readonly items: readonly PreparedInput[] | null;
  /** Rows that the input leaves out and that go. */
  readonly missing: readonly object[];
}

/** Input that was read and checked together with everything that is nested in it, and is not written yet. */
export class PreparedInput {
  constructor(
    readonly description: SerializerDescription,
    readonly form: EntityForm,
    readonly nested: readonly PreparedNested[],
    readonly errors: FormErrors,
    readonly context: InputContext,
  ) {}

  get row(): object {
    return this.form.instance;
  }

  /** Whether nothing is wrong, here and in all that is nested. */
  async isValid(): Promise<boolean> {
    return (await this.allErrors()).size === 0;
  }

  /** Everything that is wrong, by the names of the documents: `title`, `lines.2.amount`. */
  async allErrors(): Promise<FormErrors> {
    const all = new FormErrors();
    const valid = await this.form.isValid();
    if (valid && this.errors.size === 0 && this.nested.length === 0) return all;
    const names = new Map(
      this.description.members.flatMap((member) => ('path' in member ? [[member.path, member.name]] : [])),
    );
    for (const [name, issues] of this.errors) all.add(name, ...issues);
    for (const [path, issues] of this.form.errors) all.add(names.get(path) ?? path, ...issues);
    for (const { member, items } of this.nested)
      for (const [index, item] of (items ?? []).entries()) {
        const prefix = member.many ? `${member.name}.${index}` : member.name;
        for (const [name, issues] of await item.allErrors())
          all.add(name === WHOLE_FORM ? prefix : `${prefix}.${name}`, ...issues);
      }
    return all;
  }

  /** Writes the row and what is nested in it, all or nothing. @throws InvalidInputError */
  async write(database: Database): Promise<object> {
    const [owned, listed] = [this.nested.some(isOwned), this.nested.some((nested) => !isOwned(nested))];
    const { serializer, hidden } = this.description;
    const given = !this.form.isNew && hidden.some(({ on }) => on === 'save');
    try {
      return await this.form.save({
        ...((owned || given || runsBefore(serializer)) && { before: (row) => this.before(row, database) }),
        ...((listed || runsAfter(serializer)) && { after: (row) => this.after(row, database) }),
        savepoint: false,
      });
    } catch (error) {
      if (error instanceof ValidationError) this.form.addError(null, error);
      else if (!(error instanceof FormInvalidError) || error.errors !== this.form.errors) throw error;
      throw new InvalidInputError(await this.allErrors(), error);
    }
  }

  private async before(row: object, database: Database): Promise<void> {
    for (const { path, value, on } of this.description.hidden)
      if (on === 'save' && !this.form.isNew) assign(row, path, await value(this.context));
    for (const { member, items } of this.nested.filter(isOwned)) {
      const [item] = items ?? [];
      assign(row, member.path, item ? await writeNested(item, member, 0, database) : null);
    }
    await this.description.serializer.beforeSave(row, this.written());
  }

  private async after(row: object, database: Database): Promise<void> {
    for (const nested of this.nested) if (!isOwned(nested)) await writeList(row, nested, database);
    await this.description.serializer.afterSave(row, this.written());
  }

  private written(): WrittenContext {
    return { ...this.context, changed: this.form.changed };
  }
}

/** Whether the row refers to what is nested, which has to be there first. */
function isOwned({ member: { many, relation } }: PreparedNested): boolean {
  return !many && relation.owning;
}

/** Writes the rows on the far side of a relation. */
async function writeList(row: object, { member, items, missing }: PreparedNested, database: Database): Promise<void> {
  const { relation } = member;
  const written: object[] = [];
  for (const [index, item] of (items ?? []).entries()) {
    if (relation.kind !== 'many-to-many') assign(item.row, relation.inverse!, row);
    written.push(await writeNested(item, member, index, database));
  }
  if (relation.kind === 'many-to-many') await link(row, written, member, database);
  else for (const gone of missing) await removeFrom(gone, member, database);
}

async function link(
  row: object,
  written: readonly object[],
  { path, missing }: NestedMember,
  database: Database,
): Promise<void> {
  const links = database.related(row, path);
  await (missing === 'replace' ? links.set(written) : links.add(...written));
}

/** A row that refers to nothing else is only unlinked. */
async function removeFrom(gone: object, { relation, target }: NestedMember, database: Database): Promise<void> {
  if (!target.relation(relation.inverse!)?.nullable) return void (await database.remove(gone));
  assign(gone, relation.inverse!, null);
  await database.save(gone);
}

/** What the database refuses of a nested row is told under the name that it has in the document. */
async function writeNested(
  item: PreparedInput,
  { name, many }: NestedMember,
  index: number,
  database: Database,
): Promise<object> {
  try {
    return await item.write(database);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw error.below(many ? `${name}.${index}` : name);
  }
}

function assign(row: object, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop()!;
  let holder = row as Record<string, unknown>;
  for (const step of steps) holder = (holder[step] ??= {}) as Record<string, unknown>;
  holder[last] = value;
}
