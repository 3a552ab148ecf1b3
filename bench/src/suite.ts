/** One line of a result. */
export interface Row {
  readonly what: string;
  readonly value: string;
  readonly note?: string;
}

/** A comparison whose sides are measured in one run. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  run(): Promise<readonly Row[]>;
}
