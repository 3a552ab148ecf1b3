import { shownMessage, showThrown } from '#core';

/** What a thrown value says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? shownMessage(thrown) : showThrown(thrown);
}
