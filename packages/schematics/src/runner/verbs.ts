/** A verb of the command line and the generator behind it. */
export interface Verb {
  readonly schematic: string;
  /** Options that are given without their name, in their order; the last one may take several words. */
  readonly positional: readonly string[];
  /** How many of them must be there. */
  readonly needed: number;
  readonly variadic?: boolean;
}

const PART: Pick<Verb, 'positional' | 'needed'> = { positional: ['app', 'name'], needed: 2 };
const FIELDS: Pick<Verb, 'positional' | 'needed' | 'variadic'> = {
  positional: ['app', 'name', 'fields'],
  needed: 2,
  variadic: true,
};

/** What `manage` takes: `startapp catalog`, `make:entity catalog Product title:string`. */
export const VERBS: Readonly<Record<string, Verb>> = {
  startapp: { schematic: 'app', positional: ['name'], needed: 1 },
  'make:entity': { schematic: 'entity', ...FIELDS },
  'make:admin': { schematic: 'admin', ...PART },
  'make:form': { schematic: 'form', ...FIELDS },
  'make:serializer': { schematic: 'serializer', ...PART },
  'make:viewset': { schematic: 'viewset', ...PART },
  'make:command': { schematic: 'command', ...PART },
  'make:job': { schematic: 'job', ...PART },
  'make:notification': { schematic: 'notification', ...PART },
  'make:middleware': { schematic: 'middleware', ...PART },
  'make:migration': { schematic: 'migration', positional: ['app', 'name'], needed: 1 },
  'make:test': { schematic: 'test', ...PART },
};
