import { type OnDelete, type PairKeyRules } from '../../describe/entity-description.js';
import {
  type InspectedEntity,
  type InspectedInverse,
  type InspectedJoin,
  type InspectedPairs,
  type InspectedReference,
} from '../model/inspected.js';
import { lowerFirst } from '../model/lower-first.js';
import { printCall, quoted, type CodeObject } from './code.js';
import { type Imports } from './imports.js';

const INDENT = '  ';

const WORDS: Readonly<Record<OnDelete, string>> = {
  cascade: 'CASCADE',
  protect: 'RESTRICT',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
  'no-action': 'NO ACTION',
};

const DECORATORS = {
  'many-to-one': 'ManyToOne',
  'one-to-one': 'OneToOne',
  'one-to-many': 'OneToMany',
  'many-to-many': 'ManyToMany',
} as const;

/** Writes the relations of one entity. */
export class RelationWriter {
  constructor(
    private readonly entity: InspectedEntity,
    /** Files of the entities by class. */
    private readonly files: ReadonlyMap<string, string>,
    private readonly imports: Imports,
  ) {}

  /** A reference with its columns. */
  reference(reference: InspectedReference): string {
    const { property, kind, target, inverse, columns, nullable, onDelete, onUpdate, deferrable, name, index } =
      reference;
    const options: CodeObject = {
      ...(!nullable && { nullable: 'false' }),
      ...actions(onDelete, onUpdate, 'no-action'),
      ...(deferrable && { deferrable: deferrable === 'deferred' ? "'INITIALLY DEFERRED'" : "'INITIALLY IMMEDIATE'" }),
    };
    const joins = columns.map((join, position) => joinOptions(join, position === 0 ? name : undefined));
    return this.lines([
      this.decorator(DECORATORS[kind], target, inverse, options),
      printCall(`@${this.imports.use('JoinColumn', 'typeorm')}`, joins.length === 1 ? joins : [joins], INDENT),
      ...(index === false ? [`@${this.imports.use('Field', 'bowerbird/orm')}({ index: false })`] : []),
      `${property}!: ${this.imports.relation(this.class(target))}${nullable ? ' | null' : ''};`,
    ]);
  }

  /** A many-to-many relation with its table. */
  pairs(pairs: InspectedPairs): string {
    const { property, target, inverse, table, schema, from, to, primaryKey, fromKey, toKey } = pairs;
    const end = (joins: readonly InspectedJoin[], name: string | undefined) => {
      const all = joins.map((join, position) => joinOptions(join, position === 0 ? name : undefined));
      return all.length === 1 ? { one: all[0]! } : { many: all };
    };
    const [own, other] = [end(from, fromKey?.name), end(to, toKey?.name)];
    const options: CodeObject = {
      name: quoted(table),
      ...(schema !== undefined && { schema: quoted(schema) }),
      ...(own.one ? { joinColumn: own.one } : { joinColumns: own.many }),
      ...(other.one ? { inverseJoinColumn: other.one } : { inverseJoinColumns: other.many }),
    };
    const names: CodeObject = {
      ...(primaryKey !== undefined && { primaryKey: quoted(primaryKey) }),
      indexes: [fromKey, toKey].map((key) => (key?.index ? quoted(key.index) : 'false')),
    };
    return this.lines([
      this.decorator('ManyToMany', target, inverse, keyOptions(fromKey)),
      printCall(`@${this.imports.use('JoinTable', 'typeorm')}`, [options], INDENT),
      printCall(`@${this.imports.use('Field', 'bowerbird/orm')}`, [{ pairs: names }], INDENT),
      `${property}!: ${this.imports.relation(this.class(target))}[];`,
    ]);
  }

  /** The other side of a relation. */
  inverse({ property, kind, target, of, key }: InspectedInverse): string {
    const one = kind === 'one-to-one';
    return this.lines([
      this.decorator(DECORATORS[kind], target, of, kind === 'many-to-many' ? keyOptions(key) : {}),
      `${property}!: ${this.imports.relation(this.class(target))}${one ? ' | null' : '[]'};`,
    ]);
  }

  private decorator(name: string, target: string, other: string, options: CodeObject): string {
    const parameter = lowerFirst(target);
    const accessor = `(${parameter}) => ${parameter}.${other}`;
    return printCall(
      `@${this.imports.use(name, 'typeorm')}`,
      [`() => ${this.class(target)}`, accessor, options],
      INDENT,
    );
  }

  private class(name: string): string {
    return name === this.entity.name ? name : this.imports.use(name, `./${this.files.get(name)!}.entity.js`);
  }

  private lines(lines: readonly string[]): string {
    return lines.map((line) => `${INDENT}${line}\n`).join('');
  }
}

function actions(onDelete: OnDelete | undefined, onUpdate: OnDelete | undefined, usual: OnDelete): CodeObject {
  return {
    ...(onDelete && onDelete !== usual && { onDelete: quoted(WORDS[onDelete]) }),
    ...(onUpdate && onUpdate !== usual && { onUpdate: quoted(WORDS[onUpdate]) }),
  };
}

/** Each side of a many-to-many relation says what its own foreign key does. */
function keyOptions(key: PairKeyRules | undefined): CodeObject {
  return {
    ...actions(key?.onDelete, key?.onUpdate, 'cascade'),
    ...(key?.deferrable && {
      deferrable: key.deferrable === 'deferred' ? "'INITIALLY DEFERRED'" : "'INITIALLY IMMEDIATE'",
    }),
  };
}

function joinOptions({ column, references }: InspectedJoin, name: string | undefined): CodeObject {
  return {
    name: quoted(column),
    referencedColumnName: quoted(references),
    ...(name !== undefined && { foreignKeyConstraintName: quoted(name) }),
  };
}
