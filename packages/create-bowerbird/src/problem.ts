/** Why no project is made: what is wrong, and what to do about it. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly hint: string,
    /** 2 where the command line was wrong, 1 where the work failed. */
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
  }
}
