import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { Signer, type Class, type Finding } from '#core';
import { Descriptions } from '#orm';

import { UnknownViewSetError } from '../api.errors.js';
import { ApiConfig } from '../api.options.js';
import { EntityLinks } from '../serializer/entity-links.js';
import { Serializers } from '../serializer/serializers.service.js';
import { describeViewSet } from './describe-viewset.js';
import { type ModelViewSet } from './model-viewset.js';
import { type ViewSetDescription } from './viewset-description.js';
import { VIEWSET, type ViewSetNote } from './viewset-note.js';
import { serializersOf, standIn } from './viewset-serializers.js';

/** The viewsets of the application, described once at boot. */
@Injectable()
export class ViewSets implements OnModuleInit {
  /** Everything that is wrong with a viewset, for the checks. */
  readonly findings: Finding[] = [];
  private readonly known = new Map<Class, ViewSetDescription>();
  private readonly instances = new Map<Class, object>();

  constructor(
    private readonly config: ApiConfig,
    private readonly descriptions: Descriptions,
    private readonly discovery: DiscoveryService,
    private readonly serializers: Serializers,
    private readonly links: EntityLinks,
    private readonly signer: Signer,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.serializers.discover();
    const found = this.discovery
      .getControllers()
      .filter(({ metatype }) => metatype && VIEWSET.read(metatype) !== undefined);
    for (const { metatype, instance } of found) this.instances.set(metatype as Class, instance as object);
    for (const [type, viewset] of this.instances) await this.add(type, await noteOf(type, viewset as ModelViewSet));
    this.serializers.settle();
  }

  /** All of them, in the order of their modules. */
  all(): readonly ViewSetDescription[] {
    return [...this.known.values()];
  }

  /** What is known of a viewset class. @throws UnknownViewSetError for one that could not be described */
  of(type: Class): ViewSetDescription {
    const known = this.known.get(type);
    if (!known) throw new UnknownViewSetError(type.name);
    return known;
  }

  /** The object that answers for a viewset class. */
  instanceOf(type: Class): object {
    return this.instances.get(type)!;
  }

  private async add(type: Class, note: ViewSetNote): Promise<void> {
    const own = note.options.fields && standIn(note);
    const named = [...(own ? [own] : []), ...serializersOf(type, note)];
    for (const serializer of named) await this.serializers.add(serializer);
    const description = describeViewSet(type, note, own, {
      prefix: this.config.prefix,
      versions: this.config.versions,
      descriptions: this.descriptions,
      serializers: this.serializers,
      signer: this.signer,
      report: (finding) => void this.findings.push(finding),
    });
    if (!description) return;
    this.known.set(type, description);
    // Keys of rows say nothing of the field that names them in the addresses of such a viewset.
    if (description.lookup === null) this.links.add(note.entity, description);
  }
}

/** What a viewset says of itself, together with what it knows only now. */
async function noteOf(type: Class, viewset: ModelViewSet): Promise<ViewSetNote> {
  const note = VIEWSET.read(type)!;
  const more = await viewset.options?.();
  return more ? { ...note, options: { ...note.options, ...more } } : note;
}
