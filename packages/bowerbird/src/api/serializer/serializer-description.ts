import { type Class } from '#core';
import { type EntityDescription, type FieldDescription, type QuerySet, type RelationDescription } from '#orm';

import { type ComputedOptions } from './computed.decorator.js';
import { type InputFormClass } from './input-form.js';
import { type ModelSerializer } from './model-serializer.js';
import { type SerializerContext } from './serializer-context.js';
import { type HiddenValue, type ReferenceStyle } from './serializer.decorator.js';

/** What every member of a serializer has. */
interface MemberBase {
  /** Its name in documents; with dots for what stands inside of objects (`address.city`). */
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly readable: boolean;
  readonly writable: boolean;
}

/** A column, of the row itself or of a row that it refers to. */
export interface ColumnMember extends MemberBase {
  readonly kind: 'column';
  readonly path: string;
  readonly field: FieldDescription;
  /** The relations on the way, shortest first; empty for a column of the row itself. */
  readonly joins: readonly string[];
  readonly nullable: boolean;
}

/** What members that lead to other rows have. */
interface RelationMemberBase extends MemberBase {
  readonly path: string;
  readonly relation: RelationDescription;
  readonly target: EntityDescription;
  readonly many: boolean;
}

/** A relation that is written as keys, texts or addresses. */
export interface ReferenceMember extends RelationMemberBase {
  readonly kind: 'reference';
  readonly style: ReferenceStyle;
  /** What is shown instead where `?expand=` asks for it. */
  readonly expanded: (() => SerializerDescription) | null;
  /** Narrows the rows that may be named. */
  readonly choices: ((rows: QuerySet, context: SerializerContext) => QuerySet) | null;
}

/** A relation whose rows are written by a serializer of their own. */
export interface NestedMember extends RelationMemberBase {
  readonly kind: 'nested';
  readonly serializer: () => SerializerDescription;
  /** Whether input makes and changes the rows; otherwise it names their keys. */
  readonly deep: boolean;
  readonly missing: 'replace' | 'merge';
  readonly choices: ((rows: QuerySet, context: SerializerContext) => QuerySet) | null;
}

/** A value that a method of the serializer computes. */
export interface ComputedMember extends MemberBase {
  readonly kind: 'computed';
  readonly compute: (row: object, context: SerializerContext) => unknown;
  readonly options: ComputedOptions;
}

/** One name in the documents of a serializer. */
export type Member = ColumnMember | ReferenceMember | NestedMember | ComputedMember;

/** All that the framework knows of a serializer; frozen, made once at boot. */
export interface SerializerDescription {
  /** Name of its documents: the class without `Serializer`. */
  readonly name: string;
  readonly type: Class;
  readonly serializer: ModelSerializer;
  readonly entity: EntityDescription;
  readonly members: readonly Member[];
  /** Values by path that the framework gives. */
  readonly hidden: readonly (Required<HiddenValue> & { readonly path: string })[];
  /** Whether input is written by saving one row, and no code of the application takes part in it. */
  readonly writesAlone: boolean;
  /** Reads and checks input: its fields are the paths of the members that are writable and not nested deep. */
  readonly form: InputFormClass;
  member(name: string): Member | undefined;
}
