import { FormValues, type HttpRequest } from '#http';
import { type FieldDescription } from '#orm';

import { isSecret } from './form-builder.js';
import { type FormPlan } from './form-plan.js';
import { slugOf } from './slug.js';

const MAX_INITIAL = 10_000;

/** Values of a new row from the address: `?title=News&tags=1,2`. Names that are not on the form are ignored. */
export function initialFrom(plan: FormPlan, query: HttpRequest['query']): Readonly<Record<string, unknown>> {
  const { entity } = plan.descriptor;
  const entries = plan.editable.flatMap((path) => {
    const given = query[path];
    if (typeof given !== 'string' || given.length > MAX_INITIAL || given.includes('\0')) return [];
    const field = entity.field(path);
    const value = field ? initialOfField(field, given) : initialOfRelation(entity.relation(path)!.kind, given);
    return value === undefined ? [] : [[path, value] as const];
  });
  return Object.fromEntries(entries);
}

function initialOfField(field: FieldDescription, given: string): unknown {
  if (isSecret(field) || field.format === 'file' || field.format === 'image') return undefined;
  if (field.kind === 'boolean') return /^(1|true|on|yes)$/i.test(given);
  return field.kind === 'json' ? parsed(given) : given;
}

function initialOfRelation(kind: string, given: string): unknown {
  return kind === 'many-to-many' ? given.split(',').filter(Boolean).slice(0, 100) : given;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The input with empty prepopulated fields filled, for browsers without scripts. */
export function withSlugs({ descriptor, editable }: FormPlan, values: FormValues): FormValues {
  const filled = new Map<string, string>();
  for (const [path, sources] of descriptor.form.prepopulated) {
    if (!editable.includes(path) || (values.get(path) ?? '').trim() !== '') continue;
    const text = sources.map((source) => values.get(source) ?? '').join(' ');
    filled.set(path, slugOf(text, descriptor.entity.field(path)?.length));
  }
  if (filled.size === 0) return values;
  const kept = values.names().filter((name) => !filled.has(name));
  return new FormValues([
    ...kept.flatMap((name) => values.all(name).map((value) => [name, value] as const)),
    ...filled,
  ]);
}

/** The secret fields to which nothing was entered: on a change form that means that they stay. */
export function keptSecrets({ descriptor, editable, row }: FormPlan, values: FormValues): ReadonlySet<string> {
  if (!row) return new Set();
  return new Set(
    editable.filter((path) => {
      const field = descriptor.entity.field(path);
      return field !== undefined && isSecret(field) && (values.get(path) ?? '') === '';
    }),
  );
}
