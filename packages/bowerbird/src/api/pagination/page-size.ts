import { type ParameterProblems } from '../filters/parameter-problems.js';
import { onlyText, type ParameterDescription, type Parameters } from '../filters/parameters.js';

/** How many rows a page has. */
export interface PageSizeOptions {
  /** Rows on a page where the request does not say it; 20. */
  readonly size?: number;
  /** Most rows that a request may ask for; 100, or `size` where that is more. */
  readonly maxSize?: number;
}

/** More rows make no page. */
const MOST = 10_000;

/** The parameter for the number of rows on a page. */
export class PageSize {
  readonly parameter: ParameterDescription;
  private readonly size: number;
  private readonly most: number;

  constructor(
    private readonly name: string,
    { size = 20, maxSize = Math.max(100, size) }: PageSizeOptions,
  ) {
    [this.size, this.most] = [size, maxSize];
    const schema = { type: 'integer', minimum: 1, maximum: maxSize, default: size };
    this.parameter = { name, description: 'Rows on a page.', schema };
  }

  /** The number that a request asks for: never silently another one. */
  read(given: Parameters, problems: ParameterProblems): number {
    const text = onlyText(given, this.name, problems);
    if (text === undefined) return this.size;
    const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (size >= 1 && size <= this.most) return size;
    problems.add(this.name, `Enter a whole number from 1 to ${this.most}.`);
    return this.size;
  }

  /** What is wrong with the options. */
  problems(): readonly string[] {
    const { size, most } = this;
    const whole = [size, most].every((number) => Number.isInteger(number) && number >= 1 && number <= MOST);
    if (!whole) return [`size and maxSize are whole numbers from 1 to ${MOST}`];
    return size > most ? [`size is ${size} and maxSize only ${most}`] : [];
  }
}
