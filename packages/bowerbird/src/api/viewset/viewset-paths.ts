import { Injectable } from '@nestjs/common';
import { PATH_METADATA, VERSION_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig, DiscoveryService } from '@nestjs/core';

import { error, type Class, type Finding } from '#core';

import { ApiConfig } from '../api.options.js';
import { ApiVersions } from '../versions/api-versions.service.js';
import { pathsOf, versionedPaths } from '../versions/version-paths.js';
import { overlap, versionSet, type VersionSet } from '../versions/version-set.js';
import { methodNames } from './method-names.js';
import { classVersion, methodVersion } from './noted-version.js';
import { VIEWSET, type ViewSetNote } from './viewset-note.js';

/** Puts the viewsets below the path of the API, each in its versions, which their decorators cannot know. */
@Injectable()
export class ViewSetPaths {
  /** Everything that is wrong with where viewsets lie, for the checks. */
  readonly findings: Finding[] = [];

  constructor(
    private readonly config: ApiConfig,
    private readonly discovery: DiscoveryService,
    private readonly versions: ApiVersions,
    private readonly application: ApplicationConfig,
  ) {}

  /** Belongs before the routes are registered; Nest reads the paths of controllers from their classes. */
  place(): void {
    const others = this.application.getVersioning() !== undefined;
    if (this.config.versions) this.enable(others);
    const placed: PlacedNote[] = [];
    for (const { metatype } of this.discovery.getControllers()) {
      const note = metatype ? VIEWSET.read(metatype) : undefined;
      if (metatype && !note) this.checkPlain(metatype as Class);
      if (note) placed.push(this.placeOne(metatype as Class, note, placed, others));
    }
  }

  /** Nest has one way to find versions for all controllers. */
  private enable(others: boolean): void {
    if (others) this.findings.push(TWICE);
    this.application.enableVersioning(this.versions.routing());
  }

  /** The paths of other controllers stay as they are written. */
  private checkPlain(type: Class): void {
    const { versions: config } = this.config;
    if (config?.by !== 'path') return;
    const { names } = versionSet(classVersion(type) ?? [], config);
    const steps = [Reflect.getMetadata(PATH_METADATA, type) as string | string[]]
      .flat()
      .flatMap((path) => path.split('/'));
    const absent = names.find((version) => version !== config.default && !steps.includes(`${config.name}${version}`));
    if (absent !== undefined) this.findings.push(unreachable(type, absent, `${config.name}${absent}`));
  }

  private placeOne(type: Class, note: ViewSetNote, placed: readonly PlacedNote[], others: boolean): PlacedNote {
    const { prefix, versions: config } = this.config;
    const { version, path: own } = note.options;
    const isVersioned = config !== null || others;
    if (version !== undefined && !isVersioned) this.findings.push(unused(type));
    const versions = versionSet(isVersioned ? version : undefined, config);
    const pathIn = versionedPaths(prefix, own, config);
    const paths = pathsOf({ versions: withMethods(type, versions), pathIn }, config).map(([path]) => path.slice(1));
    const placing = { type, paths, versions };
    const other = placed.find((one) => collide(one, placing, config?.by === 'path'));
    if (other)
      this.report(
        type,
        paths.find((path) => other.paths.includes(path))!,
        other,
      );
    // Nest would refuse the route before the checks can tell of it.
    const at = other ? paths.map((path) => `${path}/${type.name}`) : paths;
    Reflect.defineMetadata(PATH_METADATA, at.length === 1 ? at[0] : at, type);
    Reflect.defineMetadata(VERSION_METADATA, version ?? (config ? [...config.known] : undefined), type);
    return placing;
  }

  private report(type: Class, path: string, other: PlacedNote): void {
    const message = `${other.type.name} and ${type.name} both lie at /${path}`;
    const hint =
      'Give one of them another path or version, or take the entity out of the API of the admin: @Admin({ api: false })';
    this.findings.push(error('api.E014', message, { at: `${type.name}.path`, hint }));
  }
}

/** A viewset and where it lies. */
interface PlacedNote {
  readonly type: Class;
  readonly paths: readonly string[];
  readonly versions: VersionSet;
}

const TWICE = error('api.E032', 'The application enables versioning, and settings.api.versions as well', {
  at: 'settings.api.versions',
  hint: 'Remove app.enableVersioning(); the settings hold for all controllers',
});

function unused(type: Class): Finding {
  return error('api.E030', `${type.name} names a version, and the API has none`, {
    at: `${type.name}.version`,
    hint: "Declare them: settings.api.versions: { by: 'path', known: ['1', '2'] }",
  });
}

function unreachable(type: Class, version: string, step: string): Finding {
  return error('api.E033', `No request reaches version "${version}" of ${type.name}`, {
    at: `${type.name}.path`,
    hint: `Versions are part of paths here; write it into the path, such as 'api/${step}/reports'`,
  });
}

/** Methods with versions of their own need a path in each of them. */
function withMethods(type: Class, { names, neutral }: VersionSet): VersionSet {
  const own = methodNames(type.prototype as object).map((name) => versionSet(methodVersion(type, name) ?? [], null));
  const named = own.filter((set) => set.names.length > 0);
  return {
    names: [...new Set([...names, ...named.flatMap((set) => set.names)])],
    neutral: neutral || named.some((set) => set.neutral),
  };
}

/** Whether two viewsets would answer the same requests at the same path. @param apart whether versions have paths of their own */
function collide(left: PlacedNote, right: PlacedNote, apart: boolean): boolean {
  if (!left.paths.some((path) => right.paths.includes(path))) return false;
  return apart || overlap(left.versions, right.versions);
}
