import {
  ACTOR,
  APPLICATION,
  Context,
  contextValue,
  LOCALE,
  REQUEST_ID,
  TENANT_ID,
  type Actor,
  type ApplicationHandle,
  type ContextKey,
} from '#core';

/** What a job takes along from where it was enqueued, by the name under which it is stored. */
const CARRIED: Readonly<Record<string, ContextKey<Actor | null> | ContextKey<string>>> = {
  actor: ACTOR,
  tenant: TENANT_ID,
  locale: LOCALE,
  request: REQUEST_ID,
};

/** What a job enqueued now takes along, as JSON. */
export function carriedContext(): string {
  const entries = Object.entries(CARRIED).map(([name, key]) => [name, contextValue(key as ContextKey<unknown>)]);
  return JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null)));
}

/** The context of a job: nothing of the worker's own, and what the job has taken along. @param carried JSON */
export function openJobContext(carried: string, application: ApplicationHandle): Context {
  const values = JSON.parse(carried) as Readonly<Record<string, unknown>>;
  const context = new Context();
  context.set(APPLICATION, application);
  for (const [name, key] of Object.entries(CARRIED)) if (values[name] !== undefined) context.set(key, values[name]);
  return context;
}
