/** A call as it stands in a migration file: `ops.<callee>(…)`. */
export class Call {
  constructor(
    readonly callee: string,
    readonly args: readonly unknown[],
  ) {}
}
