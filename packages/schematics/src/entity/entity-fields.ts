import ts from 'typescript';

import { type EntitySource } from '../project/entities.js';
import { type Project } from '../project/project.js';
import { nodesOf } from '../syntax/source-text.js';

/** A property of an entity, as its source says. */
export interface EntityProperty {
  readonly name: string;
  /** `Column`, `ManyToOne`, … */
  readonly decorator: string;
  /** The type as it is written, without `| null`. */
  readonly type: string;
  /** The code of the decorator's arguments. */
  readonly args: string;
  /** Whether the column holds the name of an uploaded file. */
  readonly isFile: boolean;
}

/** Decorators of TypeORM for what people enter. */
const ENTERED: ReadonlySet<string> = new Set(['Column', 'ManyToOne', 'OneToOne', 'ManyToMany']);

/** The columns and relations of an entity that people enter, in their order. */
export function propertiesOf(project: Project, { path, className }: EntitySource): readonly EntityProperty[] {
  const source = project.source(path);
  const declaration = [...nodesOf(source, ts.isClassDeclaration)].find(({ name }) => name?.text === className);
  const members: readonly ts.ClassElement[] = declaration?.members ?? [];
  return members.flatMap((member) => (ts.isPropertyDeclaration(member) ? propertyOf(source, member) : []));
}

function propertyOf(source: ts.SourceFile, member: ts.PropertyDeclaration): readonly EntityProperty[] {
  for (const { expression } of ts.getDecorators(member) ?? []) {
    if (!ts.isCallExpression(expression)) continue;
    const decorator = expression.expression.getText(source);
    if (!ENTERED.has(decorator) || isOtherSide(source, member, decorator)) continue;
    const type = (member.type?.getText(source) ?? '').replace(/\s*\|\s*null$/, '');
    const args = expression.arguments.map((argument) => argument.getText(source)).join(', ');
    const isFile = /\bformat: ['"](file|image)['"]/.test(member.getText(source));
    return [{ name: member.name.getText(source), decorator, type, args, isFile }];
  }
  return [];
}

/** Whether the other entity owns the relation: it has the column, or the table of pairs. */
function isOtherSide(source: ts.SourceFile, member: ts.PropertyDeclaration, decorator: string): boolean {
  const owner = { OneToOne: 'JoinColumn', ManyToMany: 'JoinTable' }[decorator];
  return owner !== undefined && !member.getText(source).includes(`@${owner}(`);
}
