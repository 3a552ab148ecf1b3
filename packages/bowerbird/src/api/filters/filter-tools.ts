import { didYouMean, error, type Finding } from '#core';
import {
  isUnknown,
  resolvePath,
  type Descriptions,
  type EntityDescription,
  type ResolvedPath,
  type UnknownStep,
} from '#orm';

/** What filters, searches and orders of one entity are described with. */
export interface FilterTools {
  readonly entity: EntityDescription;
  readonly descriptions: Descriptions;
  readonly report: (finding: Finding) => void;
  /** The class whose options these are, for findings. */
  readonly at: string;
}

/** What a path leads to, or why it leads nowhere. */
export function resolveIn(path: string, { entity, descriptions }: FilterTools): ResolvedPath | UnknownStep {
  return resolvePath(entity, path, (target) => (descriptions.has(target) ? descriptions.of(target) : undefined));
}

/** What a path leads to; one that leads nowhere is reported. */
export function targetOf(path: string, option: string, tools: FilterTools): ResolvedPath | undefined {
  const found = resolveIn(path, tools);
  return isUnknown(found) ? unknownPath(path, option, found, tools) : found;
}

/** Reports a path that leads nowhere. */
export function unknownPath(
  path: string,
  option: string,
  { unknown, known }: UnknownStep,
  tools: FilterTools,
): undefined {
  const hint = didYouMean(unknown, known) || `There are ${known.join(', ')}`;
  return refuse('api.E020', `"${path}" is not a field of ${tools.entity.name}`, option, hint, tools);
}

type Refusal = [id: string, message: string, option: string, hint: string, tools: FilterTools];

/** Reports something that is wrong with an option. */
export function refuse(...[id, message, option, hint, { report, at }]: Refusal): undefined {
  report(error(id, message, { at: `${at}.${option}`, hint }));
}

/** Why a field must not be told or asked by an address; undefined for any other. */
export function secrecyOf({ field }: Pick<ResolvedPath, 'field'>): string | undefined {
  if (!field) return undefined;
  if (field.sensitive || field.format === 'password') return 'sensitive';
  if (field.encrypted) return 'encrypted';
  const { nativeType } = field;
  return nativeType === undefined || nativeType.startsWith('citext') ? undefined : `of the type ${nativeType}`;
}
