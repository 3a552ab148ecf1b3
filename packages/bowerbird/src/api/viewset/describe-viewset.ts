import { didYouMean, error, type Class, type Finding, type Signer } from '#core';
import { type Descriptions, type EntityDescription } from '#orm';

import { describeExport } from '../content/describe-export.js';
import { FormatParameter } from '../content/format-parameter.js';
import { describeFilters } from '../filters/describe-filters.js';
import { describeOrdering } from '../filters/describe-ordering.js';
import { describeSearch } from '../filters/describe-search.js';
import { describeSelection } from '../filters/describe-selection.js';
import { type FilterTools } from '../filters/filter-tools.js';
import { checkParameters, describePagination } from '../pagination/describe-pagination.js';
import { pages } from '../pagination/page-number.pagination.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';
import { type SerializerClass } from '../serializer/serializer.decorator.js';
import { type Serializers } from '../serializer/serializers.service.js';
import { versionParameter } from '../versions/version-parameter.js';
import { versionedPaths } from '../versions/version-paths.js';
import { versionSet, type VersionOption, type VersionSet } from '../versions/version-set.js';
import { type VersionsConfig } from '../versions/versions.options.js';
import { ruleFor } from './access-rule.js';
import { ACTION, ACTION_METHODS, type ActionOptions } from './action.decorator.js';
import { methodNames } from './method-names.js';
import { methodVersion } from './noted-version.js';
import { isSafe, STANDARD_ACTIONS, type ActionRoute, type StandardAction } from './standard-actions.js';
import { type ActionDescription, type ViewSetDescription } from './viewset-description.js';
import { type ViewSetNote } from './viewset-note.js';

/** What viewsets are described with. */
export interface ViewSetTools {
  /** Path below which all viewsets lie, without slashes around it. */
  readonly prefix: string;
  /** Null where the API has no versions. */
  readonly versions: VersionsConfig | null;
  readonly descriptions: Descriptions;
  readonly serializers: Serializers;
  /** Signs cursors. */
  readonly signer: Signer;
  readonly report: (finding: Finding) => void;
}

/** Most rows that one request may create unless a viewset says otherwise. */
const BULK = 100;

/**
 * Derives what a viewset does from its note; everything that is wrong is reported, and without an entity or a serializer
 * there is no description. @param own the serializer that stands for the viewset's own list of fields
 */
export function describeViewSet(
  type: Class,
  note: ViewSetNote,
  own: SerializerClass | undefined,
  tools: ViewSetTools,
): ViewSetDescription | undefined {
  const scope = new ViewSetScope(type, note, tools);
  const entity = scope.entity();
  const serializer = entity && scope.serializer(own);
  if (!entity || !serializer) return undefined;
  const { options } = note;
  const actions = Object.freeze(scope.actions(serializer));
  const byName = new Map(actions.map((action) => [action.name, action]));
  const filterTools = scope.filterTools(entity);
  const filters = describeFilters(options.filters ?? [], filterTools, {
    expression: options.filterExpression ?? false,
  });
  const search = describeSearch(options.search ?? [], filterTools);
  const ordering = describeOrdering(options.ordering ?? [], filterTools, options.defaultOrdering);
  const pagination = describePagination(options.pagination ?? pages(), {
    signer: tools.signer,
    list: type.name,
    narrowing: [filters, search, ordering],
    initial: ordering.initial.length > 0 ? ordering.initial : entity.ordering,
    report: tools.report,
    at: type.name,
  });
  const others = [new FormatParameter([]), versionParameter(tools.versions)];
  checkParameters([filters, search, ordering, pagination, ...others], {
    report: tools.report,
    at: type.name,
  });
  const pathIn = versionedPaths(tools.prefix, options.path, tools.versions);
  return Object.freeze({
    name: type.name.replace(/ViewSet$/, '') || type.name,
    type,
    entity,
    path: pathIn(null),
    pathIn,
    versions: scope.versions(options.version, 'version'),
    summary: options.summary ?? '',
    actions,
    filters,
    search,
    ordering,
    pagination,
    lookup: scope.lookup(entity),
    bulk: options.bulk === false ? 1 : (options.bulk ?? BULK),
    action: (name: string) => byName.get(name),
  });
}

/** One viewset that is being described. */
class ViewSetScope {
  constructor(
    private readonly type: Class,
    private readonly note: ViewSetNote,
    private readonly tools: ViewSetTools,
  ) {}

  entity(): EntityDescription | undefined {
    const { entity } = this.note;
    if (this.tools.descriptions.has(entity)) return this.tools.descriptions.of(entity);
    return this.refuse(
      'api.E010',
      `No app has the entity ${entity.name}`,
      'entity',
      'List it in the entities of an @App',
    );
  }

  /** What writes rows unless an action says otherwise. */
  serializer(own: SerializerClass | undefined): SerializerDescription | undefined {
    const { serializer = own } = this.note.options;
    const found = serializer
      ? this.described(serializer, 'serializer')
      : this.tools.serializers.ofEntity(this.note.entity);
    if (found || serializer) return found;
    const hint = 'Name a serializer: { serializer: PostSerializer }, or list its fields: { fields: [...] }';
    return this.refuse(
      'api.E011',
      `Nothing says which fields of ${this.note.entity.name} are shown`,
      'serializer',
      hint,
    );
  }

  actions(serializer: SerializerDescription): readonly ActionDescription[] {
    const standard = this.note.options.actions ?? (Object.keys(STANDARD_ACTIONS) as StandardAction[]);
    const extra = methodNames(this.type.prototype as object).filter(
      (name) => ACTION.read(this.type, name) !== undefined,
    );
    return [
      ...standard.map((name) => this.standard(name, serializer)),
      ...extra.map((name) => this.extra(name, ACTION.read(this.type, name)!, serializer)),
    ];
  }

  lookup({ field, name, fields }: EntityDescription): string | null {
    const { lookup } = this.note.options;
    if (lookup === undefined) return null;
    if (field(lookup)?.unique) return lookup;
    const unique = fields.filter((one) => one.unique).map(({ path }) => path);
    return (
      this.refuse('api.E012', `"${lookup}" is no unique field of ${name}`, 'lookup', didYouMean(lookup, unique)) ?? null
    );
  }

  /** @param at where it is said, to report versions that there are not */
  versions(option: VersionOption | undefined, at?: string): VersionSet {
    const { versions: config } = this.tools;
    const set = versionSet(option, config);
    const wrong = config && set.names.find((version) => !config.known.includes(version));
    if (wrong && at !== undefined)
      this.refuse('api.E031', `There is no version "${wrong}"`, at, didYouMean(wrong, config.known));
    return set;
  }

  filterTools(entity: EntityDescription): FilterTools {
    const { descriptions, report } = this.tools;
    return { entity, descriptions, report, at: this.type.name };
  }

  private standard(name: StandardAction, serializer: SerializerDescription): ActionDescription {
    const route = STANDARD_ACTIONS[name];
    const written = this.serializerOf(name, serializer);
    const input = route.does === 'add' || route.does === 'change' ? written : null;
    return this.action(name, route, { standard: name, serializer: written, input, options: null });
  }

  private extra(name: string, options: ActionOptions, serializer: SerializerDescription): ActionDescription {
    const method = ACTION_METHODS[options.method ?? 'get'];
    const route: ActionRoute = {
      method,
      detail: options.detail,
      path: options.path ?? name,
      does: isSafe(method) ? 'view' : 'change',
      status: options.status ?? 200,
    };
    const written =
      (options.serializer && this.described(options.serializer, name)) ?? this.serializerOf(name, serializer);
    const input = (options.input && this.described(options.input, name)) ?? null;
    return this.action(name, route, { standard: null, serializer: written, input, options });
  }

  private action(
    name: string,
    route: ActionRoute,
    parts: Pick<ActionDescription, 'standard' | 'serializer' | 'input' | 'options'>,
  ): ActionDescription {
    const access = parts.options?.access ?? ruleFor(this.note.options.access, name, isSafe(route.method));
    const own = methodVersion(this.type, name);
    const versions = own === undefined ? this.versions(this.note.options.version) : this.versions(own, name);
    const exported = parts.standard === 'list' ? this.exported() : null;
    return Object.freeze({
      name,
      ...route,
      access,
      ...parts,
      selection: describeSelection(parts.serializer),
      versions,
      exported,
    });
  }

  private exported(): ActionDescription['exported'] {
    const { path, export: given } = this.note.options;
    return describeExport(given, { path, at: this.type.name, report: this.tools.report });
  }

  private serializerOf(action: string, otherwise: SerializerDescription): SerializerDescription {
    const named = this.note.options.serializers?.[action];
    return (named && this.described(named, `serializers.${action}`)) ?? otherwise;
  }

  private described(serializer: SerializerClass, at: string): SerializerDescription | undefined {
    const found = this.tools.serializers.all().find(({ type }) => type === serializer);
    if (!found || found.entity.target === this.note.entity || ACTION.read(this.type, at)) return found;
    return this.refuse(
      'api.E013',
      `${serializer.name} is for ${found.entity.name}, not for ${this.note.entity.name}`,
      at,
    );
  }

  private refuse(id: string, message: string, at: string, hint?: string): undefined {
    this.tools.report(error(id, message, { at: `${this.type.name}.${at}`, ...(hint && { hint }) }));
  }
}
