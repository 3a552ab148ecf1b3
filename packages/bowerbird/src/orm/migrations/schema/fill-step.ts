import { type BatchListener, type SeparateConnection, type SeparateStep } from './step.js';

/** Values that rows get in batches. */
export interface BatchedFill {
  /** The statement that it comes down to, for people. */
  readonly text: string;
  /** Fills one batch and returns `filled`, the rows that got a value. */
  readonly batch: (db: SeparateConnection) => Promise<number>;
  /** SQL that counts the rows without a value as `amount`. */
  readonly count: string;
}

/** A step that fills rows until no more get a value; each batch is committed by itself. */
export function fillStep({ text, batch, count }: BatchedFill): SeparateStep {
  return {
    kind: 'separate',
    label: `in batches: ${text}`,
    run: async (db, _place, tell) => {
      const progress = tell && new FillProgress(tell, await amountOf(db, count));
      for (;;) {
        const filled = await batch(db);
        if (filled === 0) return;
        progress?.add(filled);
      }
    },
  };
}

class FillProgress {
  private batch = 0;
  private rows = 0;

  constructor(
    private readonly tell: BatchListener,
    private readonly total: number,
  ) {}

  add(filled: number): void {
    this.batch += 1;
    this.rows += filled;
    this.tell({ batch: this.batch, rows: this.rows, total: Math.max(this.total, this.rows) });
  }
}

async function amountOf(db: SeparateConnection, count: string): Promise<number> {
  const [row] = await db.query<{ amount: number | string }>(count);
  return Number(row!.amount);
}
