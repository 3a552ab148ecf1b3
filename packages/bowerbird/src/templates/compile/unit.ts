import { type TemplateSource } from '../library/template-source.js';
import { TemplateSyntaxError, type Position } from '../templates.errors.js';
import { type Helpers } from './helper.js';
import { findPlaces, refuseUnsafePlace, type Place } from './html-places.js';
import { type Render } from './scope.js';

/** What the compiler may use of the renderer. */
export interface Toolbox {
  readonly helpers: Helpers;
  /** Whether a template exists. */
  has(name: string): boolean;
  /** A compiled template. @throws TemplateNotFoundError, TemplateSyntaxError */
  load(name: string): Render;
  /** Advice on a name that no template has. */
  suggest(name: string): string;
  /** Throws in strict mode, logs otherwise. */
  report(error: Error): void;
}

const NO_PLACES: ReadonlyMap<string, Place> = new Map();

/** One template while it is compiled. */
export class Unit {
  private readonly places: ReadonlyMap<string, Place>;

  constructor(
    readonly source: TemplateSource,
    readonly toolbox: Toolbox,
  ) {
    this.places = source.kind === 'text' ? NO_PLACES : findPlaces(source);
  }

  /** Where in the markup the mustache at a position stands. @throws TemplateSyntaxError where no value is safe */
  place(at: Position): Place {
    const place = this.places.get(`${at.line}:${at.column}`) ?? (this.source.kind === 'text' ? 'plain' : 'text');
    refuseUnsafePlace(place, this.source, at);
    return place;
  }

  /**
   * Refuses a piece of markup that another template may fill where only a checked value may stand: what stands in it
   * was read as markup of its own, so that nothing would check it for this place.
   * @throws TemplateSyntaxError
   */
  requireMarkupPlace(what: string, at: Position): void {
    const place = this.place(at);
    if (place === 'tag')
      throw this.syntaxError(`${what} cannot stand between attributes`, at, 'Put it around the whole element');
    if (place === 'url')
      throw this.syntaxError(
        `${what} cannot be the start of an address`,
        at,
        'Print the address as one value: href="{{url}}"',
      );
  }

  /** An error in the text of this template. */
  syntaxError(message: string, at: Position, hint = ''): TemplateSyntaxError {
    return new TemplateSyntaxError(message, this.source, at, hint ? { hint } : {});
  }
}
