import { type Class } from '#core';
import { type FormErrors } from '#forms';

import { type InputSource } from './input-source.js';
import { type SerializerContext } from './serializer-context.js';
import { type SerializerDescription } from './serializer-description.js';

/** Refuses by an error what may not be done with nested rows. */
export type NestedPermit = (action: 'add' | 'change' | 'delete', entity: Class, row?: object) => Promise<void>;

/** How input is taken. */
export interface TakeOptions {
  readonly context: SerializerContext;
  /** The row to change, loaded with all of its columns; a new one is made without it. */
  readonly row?: object | undefined;
  /** Whether only what was sent counts. */
  readonly partial?: boolean;
  readonly permit: NestedPermit;
  /** Whether the row of a reference may stay unread until it is written: nothing looks at the input in between. */
  readonly postpone?: boolean;
}

/** One object of input that is being read. */
export interface Reading {
  readonly description: SerializerDescription;
  readonly source: InputSource;
  /** What was sent, by the names of members. */
  readonly given: ReadonlyMap<string, unknown>;
  /** The row that gets the values. */
  readonly row: object;
  readonly options: TakeOptions;
  /** What is wrong beside the fields of the form. */
  readonly errors: FormErrors;
}
