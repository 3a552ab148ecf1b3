import { type EntityProblem } from './descriptions.js';
import { type EntityDescription, type RelationDescription } from './entity-description.js';
import { replacedReferences } from './on-delete-set.decorator.js';

/** Why a relation cannot be replaced, and what to do. */
type Misuse = readonly [problem: string, hint: string];

/** What is wrong with `@OnDeleteSet` of an entity. */
export function replacementProblems(entity: EntityDescription): readonly EntityProblem[] {
  return replacedReferences(entity.target).flatMap((property) => {
    const [problem, hint] = misuse(entity.relation(property), entity) ?? [];
    if (problem === undefined || hint === undefined) return [];
    const at = `${entity.name}.${property}`;
    return [{ id: 'orm.E083', message: `${at} has @OnDeleteSet and ${problem}`, at, hint }];
  });
}

function misuse(relation: RelationDescription | undefined, { fields }: EntityDescription): Misuse | undefined {
  if (!relation) return ['is no relation', 'Put it beside @ManyToOne, or @OneToOne with @JoinColumn'];
  const { path, kind, owning, onDelete, onDeleteSet, nullable } = relation;
  const primary = relation.primary || fields.some((field) => field.primary && field.relation === path);
  if (kind === 'many-to-many') return ['leads to many rows, whose links go with either side', 'Leave it out'];
  if (!owning) return ['does not hold the reference', 'Put it beside the relation on the other side'];
  if (onDelete !== 'no-action')
    return [`onDelete: '${SQL[onDelete]}' as well`, 'Say one of them: with @OnDeleteSet the foreign key does nothing'];
  if (primary) return ['is part of the primary key, which does not change', "Say onDelete: 'CASCADE' or 'RESTRICT'"];
  const empties = onDeleteSet?.fixed && onDeleteSet.value(undefined as never) === null;
  if (empties && !nullable) return ['must have a value, which null is not', 'Give a row or a key, or make it nullable'];
  return undefined;
}

/** Rules of foreign keys as they are written. */
const SQL: Readonly<Record<Exclude<RelationDescription['onDelete'], 'no-action'>, string>> = {
  cascade: 'CASCADE',
  protect: 'RESTRICT',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
};
