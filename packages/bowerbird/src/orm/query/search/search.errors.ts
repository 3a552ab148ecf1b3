import { FieldError } from '../../orm.errors.js';

/** The longest part of a search that a message shows, in characters. */
const SHOWN = 40;

/** A search cannot be read: it is too long, or not written in the language that it says. */
export class BadSearchQueryError extends FieldError {
  readonly code = 'orm.bad_search_query';

  constructor(text: string, reason: string) {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    super(`The search ${JSON.stringify(shown)} cannot be used: ${reason}`, {
      hint: "What comes from search boxes is read by SearchQuery(text, { type: 'websearch' })",
    });
  }
}
