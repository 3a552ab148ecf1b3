import { didYouMean, type Finding } from '#core';
import {
  isUnknown,
  resolvePath,
  type Describe,
  type EntityDescription,
  type ResolvedPath,
  type UnknownStep,
} from '#orm';

import { type AdminConfig } from '../admin.options.js';
import { type AdminDeclaration } from './admin-declaration.js';
import { type OpenAdminOptions } from './admin-options.js';
import { type ModelAdmin } from './model-admin.js';

/** What the describers of one entity share: its declaration, how to find other entities, and the findings so far. */
export class DescribeScope {
  readonly options: OpenAdminOptions;

  constructor(
    readonly declaration: AdminDeclaration,
    readonly entity: EntityDescription,
    readonly admin: ModelAdmin,
    readonly describe: Describe,
    readonly config: AdminConfig,
    readonly findings: Finding[],
  ) {
    this.options = declaration.options;
  }

  /** Where an option stands, for findings: `Product @Admin.list[2]`. */
  at(option: string, index?: number): string {
    const owner = this.declaration.admin?.name ?? this.entity.name;
    return `${owner} admin.${option}${index === undefined ? '' : `[${index}]`}`;
  }

  report(finding: Finding): void {
    this.findings.push(finding);
  }

  resolve(path: string): ResolvedPath | UnknownStep {
    return resolvePath(this.entity, path, this.describe);
  }

  /** The resolved path, or undefined where nothing is called so. */
  find(path: string): ResolvedPath | undefined {
    const found = this.resolve(path);
    return isUnknown(found) ? undefined : found;
  }

  get empty(): string {
    return this.options.empty ?? this.config.empty;
  }
}

/** `"naem" is neither … Did you mean "name"?` for one unknown name. */
export function hintFor(name: string, known: Iterable<string>): string {
  const names = [...known];
  return didYouMean(name, names) || `Known names are ${names.sort().join(', ')}`;
}

/** The list option as a list, whatever the visitor's compiler let through. */
export function listOf<T>(value: readonly T[] | false | undefined): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [];
}
