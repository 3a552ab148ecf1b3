import { type AbstractUser } from '#auth';
import { type HttpRequest } from '#http';

/** For whom rows are written and read. */
export interface SerializerContext {
  /** Who is logged in; null for visitors and outside of requests. */
  readonly user: AbstractUser | null;
  /** The request; undefined outside of requests. */
  readonly request?: HttpRequest;
}

/** What the hooks of a serializer are told while input is taken. */
export interface InputContext<E extends object = object> extends SerializerContext {
  /** The row that is changed; null for a new one. */
  readonly row: E | null;
  /** Whether only what was sent counts (`PATCH`). */
  readonly partial: boolean;
  /** Says that something is wrong with a field, or with the whole input when `name` is null. */
  addError(name: string | null, message: string, code?: string): void;
}

/** What the hooks of a serializer are told when a row is written. */
export interface WrittenContext<E extends object = object> extends InputContext<E> {
  /** Paths whose values the input changes; what is nested is not among them. */
  readonly changed: readonly string[];
}
