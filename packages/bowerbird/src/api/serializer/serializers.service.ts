import { Injectable } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';

import { error, type Class, type Finding } from '#core';
import { Descriptions } from '#orm';

import { UnknownSerializerError } from '../api.errors.js';
import { describeSerializer } from './describe-serializer.js';
import { InputFields } from './input-fields.js';
import { ModelSerializer } from './model-serializer.js';
import { type SerializerDescription } from './serializer-description.js';
import { SERIALIZER, type SerializerClass, type SerializerNote } from './serializer.decorator.js';

/** The serializers of the application, described once at boot. */
@Injectable()
export class Serializers {
  /** Everything that is wrong with a serializer, for the checks. */
  readonly findings: Finding[] = [];
  private readonly known = new Map<Class, SerializerDescription>();
  private readonly instances = new Map<Class, ModelSerializer>();

  constructor(
    private readonly descriptions: Descriptions,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
    private readonly inputs: InputFields,
  ) {}

  /** All that are described. */
  all(): readonly SerializerDescription[] {
    return [...this.known.values()];
  }

  /** What is known of a serializer class. @throws UnknownSerializerError for one that no viewset and no module names */
  of(serializer: Class): SerializerDescription {
    const known = this.known.get(serializer);
    if (!known) throw new UnknownSerializerError(serializer.name);
    return known;
  }

  /** The only serializer of an entity among the providers; undefined for none or several. */
  ofEntity(entity: Class): SerializerDescription | undefined {
    const all = this.all().filter(({ type, entity: { target } }) => target === entity && this.instances.has(type));
    return all.length === 1 ? all[0] : undefined;
  }

  /** Looks up what serializers name of each other, once all are described; what does not fit is a finding. */
  settle(): void {
    for (const member of this.all().flatMap(({ members }) => members))
      try {
        if (member.kind === 'nested') member.serializer();
        else if (member.kind === 'reference') member.expanded?.();
      } catch (error) {
        // A class that is no serializer is a finding already.
        if (!(error instanceof UnknownSerializerError)) throw error;
      }
  }

  /** Describes those that are providers of the application. */
  async discover(): Promise<void> {
    const providers = this.discovery.getProviders().filter(({ instance }) => instance instanceof ModelSerializer);
    for (const { instance } of providers)
      this.instances.set((instance as object).constructor as Class, instance as ModelSerializer);
    for (const type of this.instances.keys()) await this.add(type as SerializerClass);
  }

  /** Describes a class and those that are nested in it; those that are no providers are made with what they ask for. */
  async add(type: SerializerClass): Promise<SerializerDescription | undefined> {
    const known = this.known.get(type);
    if (known) return known;
    const note = SERIALIZER.read(type);
    if (!note) return this.refuse(type, `${type.name} is no serializer: it has no @Serializer()`);
    if (!this.descriptions.has(note.entity)) return this.refuse(type, `No app has the entity ${note.entity.name}`);
    const serializer = this.instances.get(type) ?? (await this.modules.create(type));
    await this.addNested(type, note, serializer);
    return this.known.get(type);
  }

  private async addNested(type: SerializerClass, note: SerializerNote, serializer: ModelSerializer): Promise<void> {
    const report = (finding: Finding): void => void this.findings.push(finding);
    const tools = {
      descriptions: this.descriptions,
      inputs: this.inputs,
      of: (other: Class) => this.of(other),
      report,
    };
    this.known.set(type, describeSerializer(serializer, note, tools));
    for (const other of nestedIn(note)) await this.add(other);
  }

  private refuse(type: Class, message: string): undefined {
    this.findings.push(error('api.E007', message, { at: type.name }));
  }
}

function nestedIn({ options: { nested = {}, expand = {} } }: SerializerNote): readonly SerializerClass[] {
  const shown = Object.values(nested).map((given) => (typeof given === 'function' ? given : given.serializer()));
  return [...shown, ...Object.values(expand).map((expanded) => expanded())];
}
