import { Inject, Injectable, Optional } from '@nestjs/common';

import { AuditTrail, type AuditEntry } from '#audit';
import { type EntityKey } from '#orm';
import { type SafeHtml } from '#templates';

import { FormatRegistry } from '../site/format-registry.js';
import { heading } from '../site/labels.js';
import { type AdminForm } from './admin-form.js';
import { isSecret } from './form-builder.js';
import { type FormPlan } from './form-plan.js';
import { type RowVersion } from './row-version.js';
import { ShownValues, valueAt } from './shown-values.js';

/** One field that others changed since the form was loaded. */
export interface ConflictField {
  readonly label: string;
  /** What the visitor wanted to save. */
  readonly yours: SafeHtml | string;
  /** What the row holds now. */
  readonly theirs: SafeHtml;
  /** The visitor changed the field as well. */
  readonly both: boolean;
  /** Who changed it and when, as far as the audit knows. */
  readonly by: string | null;
}

/** What the page says about a form that was overtaken. */
export interface ConflictView {
  readonly fields: readonly ConflictField[];
  /** Labels of the fields of the visitor that the form below still holds. */
  readonly kept: readonly string[];
  /** The row as it is, without anything that the visitor entered. */
  readonly discardUrl: string;
}

/** What collided. */
export interface Conflict {
  /** The form with what was entered, over the row as it is now. */
  readonly form: AdminForm;
  /** Paths that others changed. */
  readonly theirs: ReadonlySet<string>;
  /** Paths that the visitor changed. */
  readonly mine: ReadonlySet<string>;
  readonly version: RowVersion;
}

const MAX_ENTRIES = 50;

/** Shows what two people did to the same row. */
@Injectable()
export class ConflictViews {
  constructor(
    private readonly values: ShownValues,
    private readonly formats: FormatRegistry,
    @Optional() @Inject(AuditTrail) private readonly trail: AuditTrail | null,
  ) {}

  async build(plan: FormPlan, key: EntityKey, conflict: Conflict, discardUrl: string): Promise<ConflictView> {
    const entries = await this.entries(plan, key, conflict.version);
    const fields: ConflictField[] = [];
    for (const path of conflict.theirs) fields.push(await this.field(plan, path, conflict, entries));
    const kept = [...conflict.mine].filter(
      (path) => !conflict.theirs.has(path) && conflict.form.entered(path) !== undefined && !isSecretPath(plan, path),
    );
    return { fields, kept: kept.map((path) => labelOf(plan, path)), discardUrl };
  }

  private async field(
    plan: FormPlan,
    path: string,
    { form, mine }: Conflict,
    entries: readonly AuditEntry[],
  ): Promise<ConflictField> {
    const { descriptor, context, row } = plan;
    const entered = form.entered(path);
    const show = (value: unknown) => this.values.write(descriptor, path, value, context);
    return {
      label: labelOf(plan, path),
      yours: entered === undefined ? typedText(plan, path, form) : await show(entered),
      theirs: await show(valueAt(row!, path)),
      both: mine.has(path),
      by: this.author(entries.find(({ changes }) => Object.hasOwn(changes, path))),
    };
  }

  private author(entry: AuditEntry | undefined): string | null {
    if (!entry) return null;
    const who = entry.actorLabel === '' ? 'Somebody' : entry.actorLabel;
    return `${who}, ${this.formats.current().dateTime(entry.at)}`;
  }

  private async entries({ descriptor }: FormPlan, key: EntityKey, version: RowVersion): Promise<readonly AuditEntry[]> {
    if (!this.trail || !version.prints) return [];
    const { entries } = await this.trail.forObject(descriptor.entity, key, { limit: MAX_ENTRIES });
    return entries.filter(({ at }) => at.getTime() >= Math.floor(version.at.getTime() / 1000) * 1000);
  }
}

function labelOf({ descriptor: { entity } }: FormPlan, path: string): string {
  return heading((entity.field(path) ?? entity.relation(path))?.label ?? path);
}

/** What was typed and could not be understood. */
function typedText(plan: FormPlan, path: string, form: AdminForm): string {
  if (isSecretPath(plan, path)) return '••••••••';
  const typed = form.typed(path);
  return typeof typed === 'string' ? typed : '';
}

/** Whether the form shows nothing of a field, so that what was entered into it is not there any more. */
function isSecretPath({ descriptor }: FormPlan, path: string): boolean {
  const field = descriptor.entity.field(path);
  return field !== undefined && isSecret(field);
}
