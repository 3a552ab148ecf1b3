import { error, warning, type Finding } from '#core';
import { knownNames, type Describe, type EntityDescription } from '#orm';

import { MAX_PER_PAGE, type AdminConfig } from '../admin.options.js';
import { checkApi } from './admin-api.js';
import { type AdminDeclaration } from './admin-declaration.js';
import { type AdminDescriptor, type OrderTerm } from './admin-descriptor.js';
import { describeActions } from './describe-actions.js';
import { describeColumns, describePlainPaths, parseOrder } from './describe-columns.js';
import { describeFilters, describeSearch } from './describe-filters.js';
import { describeForm } from './describe-form.js';
import { DescribeScope, hintFor, listOf } from './describe-scope.js';
import { iconFor } from './entity-icon.js';
import { heading } from './labels.js';
import { type ModelAdmin } from './model-admin.js';

/** What is needed to describe one entity of the admin. */
export interface DescribeInput {
  readonly declaration: AdminDeclaration;
  readonly entity: EntityDescription;
  readonly admin: ModelAdmin;
  readonly describe: Describe;
  readonly config: AdminConfig;
}

/** Every option that exists, for telling misspelt ones. */
const OPTION_NAMES: readonly string[] = [
  'label',
  'labelPlural',
  'icon',
  'list',
  'listLinks',
  'sortable',
  'search',
  'searchHelp',
  'filters',
  'facets',
  'ordering',
  'perPage',
  'joins',
  'actions',
  'empty',
  'fields',
  'fieldsets',
  'exclude',
  'readOnly',
  'prepopulated',
  'controls',
  'saveAsNew',
  'viewOnSite',
  'deleteSample',
  'api',
];

/** Turns a declaration into a frozen descriptor. What is wrong becomes a finding and is left out of the descriptor. */
export function describeAdmin(input: DescribeInput, findings: Finding[]): AdminDescriptor {
  const { declaration, entity, admin, config } = input;
  const scope = new DescribeScope(declaration, entity, admin, input.describe, config, findings);
  const { options } = scope;
  checkDeclaration(scope);
  checkApi(scope);
  const { columns, joins } = describeColumns(scope);
  return Object.freeze({
    entity,
    key: entity.key,
    path: config.path + declaration.path,
    app: declaration.app,
    label: heading(options.label ?? entity.label),
    labelPlural: heading(options.labelPlural ?? entity.labelPlural),
    icon: options.icon ?? iconFor(entity.name),
    admin,
    columns: Object.freeze(columns),
    plainPaths: describePlainPaths(scope, columns),
    joins: Object.freeze([...new Set([...joins, ...describeJoins(scope)])]),
    search: Object.freeze(describeSearch(scope)),
    searchHelp: options.searchHelp ?? null,
    filters: Object.freeze(describeFilters(scope)),
    facets: options.facets ?? 'demand',
    ordering: Object.freeze(describeOrdering(scope)),
    perPage: bounded(scope, 'perPage', config.perPage, MAX_PER_PAGE),
    actions: Object.freeze(describeActions(scope)),
    form: Object.freeze(describeForm(scope)),
    empty: scope.empty,
    deleteSample: bounded(scope, 'deleteSample', 20, 1000),
  });
}

function checkDeclaration(scope: DescribeScope): void {
  const { declaration, options, entity } = scope;
  if (declaration.declarations > 1) {
    const hint = 'Keep one of @Admin, @AdminFor and settings.admin.register';
    scope.report(
      error('admin.E003', `${entity.name} is put into the admin ${declaration.declarations} times`, {
        at: entity.name,
        hint,
      }),
    );
  }
  for (const name of Object.keys(options)) {
    if (OPTION_NAMES.includes(name)) continue;
    scope.report(
      error('admin.E005', `There is no admin option "${name}"`, {
        at: scope.at(name),
        hint: hintFor(name, OPTION_NAMES),
      }),
    );
  }
}

function bounded(scope: DescribeScope, option: 'perPage' | 'deleteSample', fallback: number, most: number): number {
  const value = scope.options[option];
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  const hint = `Use a whole number from 1 to ${most}`;
  scope.report(error('admin.E006', `${option} is ${String(value)}`, { at: scope.at(option), hint }));
  return fallback;
}

function describeJoins(scope: DescribeScope): readonly string[] {
  return listOf(scope.options.joins).filter((path, index) => {
    const found = scope.find(path);
    if (found?.relation && !found.many) return true;
    const hint = hintFor(
      path,
      scope.entity.relations.filter(({ kind }) => kind.endsWith('to-one')).map(({ path }) => path),
    );
    scope.report(error('admin.E017', `"${path}" is not a relation to one row`, { at: scope.at('joins', index), hint }));
    return false;
  });
}

/** The declared order, or the entity's own, or newest first; ended by the primary key so that it is total. */
function describeOrdering(scope: DescribeScope): readonly OrderTerm[] {
  const given = parseOrder(listOf(scope.options.ordering)).filter((term, index) => {
    const found = scope.find(term.path);
    if (found && !found.many && (found.field || found.relation)) return true;
    const hint = hintFor(term.path, knownNames(scope.entity));
    scope.report(
      error('admin.E018', `Rows cannot be ordered by "${term.path}"`, { at: scope.at('ordering', index), hint }),
    );
    return false;
  });
  const terms = given.length > 0 ? given : parseOrder(scope.entity.ordering);
  return withPrimaryKey(scope.entity, terms);
}

/** The order with the primary key at its end, in the direction of the last term; descending where there is no term. */
export function withPrimaryKey(entity: EntityDescription, terms: readonly OrderTerm[]): readonly OrderTerm[] {
  const descending = terms.at(-1)?.descending ?? true;
  const missing = entity.primaryKey.filter((path) => !terms.some((term) => term.path === path));
  return [...terms, ...missing.map((path) => ({ path, descending }))];
}

/** Relation controls that search need a searchable target; told once all entities are described. */
export function checkSearchTargets(descriptors: readonly AdminDescriptor[], findings: Finding[]): void {
  for (const { entity, form } of descriptors)
    for (const name of form.editable) {
      const relation = entity.relation(name);
      const target = relation && descriptors.find((other) => other.entity.target === relation.target);
      const control = form.controls.get(name) ?? 'search';
      if (!relation || control !== 'search' || (target && target.search.length > 0)) continue;
      const at = `${entity.name} admin.${name}`;
      const hint = `Give ${relation.target.name} an admin with search, or name another control for "${name}"`;
      findings.push(
        form.controls.has(name)
          ? error('admin.E049', `"${name}" is searched, but ${relation.target.name} has no searchable admin`, {
              at,
              hint,
            })
          : warning(
              'admin.W001',
              `"${name}" is chosen from a plain list, because ${relation.target.name} has no searchable admin`,
              { at, hint },
            ),
      );
    }
}
