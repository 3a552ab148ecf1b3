import { WHOLE, type Selection } from '../serializer/selection.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';
import { ParameterProblems } from './parameter-problems.js';
import { allTexts, type ParameterDescription, type ParameterReader, type Parameters } from './parameters.js';
import { SelectionError, SelectionLevel } from './selection-level.js';

const FIELDS = 'fields';
const EXPAND = 'expand';

/** Most names in one of the parameters. */
const MOST_NAMES = 100;

/** The parameters that say what of the rows is shown, described once at boot. */
export class SelectionSet implements ParameterReader {
  private described: readonly ParameterDescription[] | undefined;

  constructor(private readonly serializer: SerializerDescription) {}

  /** Asked for once all serializers are there, since they may name each other. */
  get parameters(): readonly ParameterDescription[] {
    this.described ??= Object.freeze(
      [describeFields(this.serializer), describeExpand(this.serializer)].filter((each) => each !== null),
    );
    return this.described;
  }

  /** What of the rows a request asks for. @throws BadParametersError unless the problems are collected */
  read(given: Parameters, collected?: ParameterProblems): Selection {
    if (!given.has(FIELDS) && !given.has(EXPAND)) return WHOLE;
    return ParameterProblems.collect(collected, (problems) => {
      const level = new SelectionLevel(this.serializer);
      for (const [name, add] of [
        [FIELDS, 'show'],
        [EXPAND, 'expand'],
      ] as const)
        for (const path of namesOf(given, name, problems)) attempt(name, problems, () => level[add](path));
      return level.selection();
    });
  }
}

function namesOf(given: Parameters, name: string, problems: ParameterProblems): readonly string[] {
  const texts = allTexts(given, name, problems) ?? [];
  const names = texts.flatMap((text) => text.split(',')).map((each) => each.trim());
  if (names.length <= MOST_NAMES) return names;
  problems.add(name, `Name at most ${MOST_NAMES} fields.`);
  return [];
}

function attempt(name: string, problems: ParameterProblems, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    problems.add(name, error.message);
  }
}

function describeFields({ members }: SerializerDescription): ParameterDescription {
  const names = members.filter(({ readable }) => readable).map(({ name }) => name);
  return {
    name: FIELDS,
    description: `The only fields that are shown, separated by commas: ${names.join(', ')}. Those of rows inside have dots.`,
    schema: { type: 'array', items: { type: 'string' }, maxItems: MOST_NAMES },
    example: names.slice(0, 2).join(','),
  };
}

function describeExpand(serializer: SerializerDescription): ParameterDescription | null {
  const paths = new SelectionLevel(serializer).expandable();
  if (paths.length === 0) return null;
  return {
    name: EXPAND,
    description: `References that are shown as documents instead of keys, separated by commas: ${paths.join(', ')}.`,
    schema: { type: 'array', items: { type: 'string' }, maxItems: MOST_NAMES },
    example: paths[0]!,
  };
}
