import { type Databases } from '#orm';

/** What was to be done after a commit, kept instead of done. */
export type CommitCallback = () => unknown;

/** The transactions around a test on every database, which are undone at its end. */
export class Stages {
  constructor(private readonly databases: Databases) {}

  /** Begins a transaction on each database in which everything that follows takes part. */
  async begin(): Promise<void> {
    for (const { transactions } of this.databases.all()) await transactions.stage.enter();
  }

  /** Undoes everything since the last {@link begin}. */
  async rollback(): Promise<void> {
    for (const { transactions } of this.databases.all().toReversed()) await transactions.stage.leave();
  }

  /** Keeps the `onCommit()` callbacks of some work instead of running them. */
  async capture(work: () => Promise<unknown>): Promise<readonly CommitCallback[]> {
    const captured: CommitCallback[] = [];
    const inAll = this.databases.all().reduce<() => Promise<unknown>>(
      (inner, { transactions }) =>
        async () =>
          void captured.push(...(await transactions.stage.capture(inner))),
      work,
    );
    await inAll();
    return captured;
  }
}
