import { Injectable } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';

import { error, type Class, type Finding } from '#core';

import { ApiConfig } from '../api.options.js';
import { VIEWSET, type ViewSetNote } from './viewset-note.js';

/** Puts the viewsets below the path of the API, which their decorators cannot know. */
@Injectable()
export class ViewSetPaths {
  /** Every viewset whose path another one has, for the checks. */
  readonly findings: Finding[] = [];

  constructor(
    private readonly config: ApiConfig,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Belongs before the routes are registered; Nest reads the paths of controllers from their classes. */
  place(): void {
    const placed: PlacedNote[] = [];
    for (const { metatype } of this.discovery.getControllers()) {
      const note = metatype ? VIEWSET.read(metatype) : undefined;
      if (!note) continue;
      const path = [this.config.prefix, note.options.path].filter(Boolean).join('/');
      const other = placed.find((one) => one.path === path && shareVersion(one.note, note));
      if (other) this.report(metatype as Class, path, other);
      // Nest would refuse the route before the checks can tell of it.
      Reflect.defineMetadata(PATH_METADATA, other ? `${path}/${metatype!.name}` : path, metatype!);
      placed.push({ type: metatype as Class, path, note });
    }
  }

  private report(type: Class, path: string, other: PlacedNote): void {
    const message = `${other.type.name} and ${type.name} both lie at /${path}`;
    const hint = 'Give one of them another path, or take the entity out of the API of the admin: @Admin({ api: false })';
    this.findings.push(error('api.E014', message, { at: `${type.name}.path`, hint }));
  }
}

/** A viewset and where it lies. */
interface PlacedNote {
  readonly type: Class;
  readonly path: string;
  readonly note: ViewSetNote;
}

/** Whether two viewsets would answer the same requests at the same path. */
function shareVersion(left: ViewSetNote, right: ViewSetNote): boolean {
  const [own, others] = [left, right].map(({ options }) => [options.version ?? []].flat());
  return own!.length === 0 || others!.length === 0
    ? own!.length === others!.length
    : own!.some((version) => others!.includes(version));
}
