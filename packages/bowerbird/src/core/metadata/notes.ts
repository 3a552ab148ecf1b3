import 'reflect-metadata';

import { type Type } from '@nestjs/common';

/**
 * A typed place on a class (or one of its members) where a decorator leaves a note. A decorator only writes notes;
 * `describe*` functions read them once at boot.
 */
export class NoteKey<T> {
  private readonly symbol: symbol;
  declare protected readonly shape: T;

  constructor(readonly name: string) {
    this.symbol = Symbol(`bowerbird:${name}`);
  }

  /** Writes a note on the class, or on one member of it. */
  write(target: object, value: T, member?: string | symbol): void {
    if (member === undefined) Reflect.defineMetadata(this.symbol, value, target);
    else Reflect.defineMetadata(this.symbol, value, target, member);
  }

  /** The note on the class (own or inherited), or on one member of it. */
  read(target: object, member?: string | symbol): T | undefined {
    return (
      member === undefined ? Reflect.getMetadata(this.symbol, target) : Reflect.getMetadata(this.symbol, target, member)
    ) as T | undefined;
  }

  /** The note on exactly this class, without what it inherits. */
  readOwn(target: object): T | undefined {
    return Reflect.getOwnMetadata(this.symbol, target) as T | undefined;
  }

  /** Appends to a list note of a class without changing the list of the class that it extends. */
  static append<I>(key: NoteKey<readonly I[]>, target: object, item: I): void {
    key.write(target, [...(key.read(target) ?? []), item]);
  }
}

/** Any class, abstract ones included. */
export type AnyClass<T = object> = abstract new (...args: never[]) => T;

/** A class that can be made with `new`. */
export type Class<T = object> = Type<T>;
