/**
 * The request pipeline, in the order in which a request passes it. A middleware takes one number; numbers between two
 * rows are free for an application's own middleware, and so is everything from `App` on.
 */
export const Slot = {
  /** Ambient context, request id, request and response handles. */
  Context: 100,
  /** Real client address, protocol and host behind declared proxies. */
  Proxy: 150,
  /** Allowed hosts. */
  Hosts: 200,
  /** Security headers and the content security policy. */
  Headers: 250,
  /** Response compression. */
  Compression: 280,
  /** Static files. */
  Static: 300,
  /** Body, field and file limits; reads the body. */
  Limits: 350,
  /** The tenant of the request. */
  Tenant: 400,
  /** The language of the request. */
  Locale: 450,
  /** The session. */
  Session: 500,
  /** Protection against forged requests. */
  Csrf: 550,
  /** The user. */
  Auth: 600,
  /** Flash messages. */
  Messages: 700,
  /** First number of the application's own middleware. */
  App: 900,
} as const;

/** The name of a slot in {@link Slot}, or undefined for a number between its rows. */
export function slotName(slot: number): string | undefined {
  return Object.entries(Slot).find(([, value]) => value === slot)?.[0];
}
