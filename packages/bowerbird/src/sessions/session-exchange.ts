/** The values of a session while a request works with them. */
export type SessionValues = Record<string, unknown>;

/** What a {@link Session} needs of the web layer that carries its cookie. */
export abstract class SessionExchange {
  /** Whether the store holds this session. */
  abstract readonly stored: boolean;
  /** The id, made now if there is none. */
  abstract id(): string;
  /** The values for reading, without starting a session; undefined when there is none. */
  abstract peek(): SessionValues | undefined;
  /** The values for writing; starts a session when there is none. */
  abstract open(): SessionValues;
  /** Replaces the id and keeps the values. */
  abstract renew(): Promise<void>;
  /** Forgets the session and clears the cookie. */
  abstract end(): Promise<void>;
}
