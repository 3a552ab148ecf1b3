import { MigrationLossError } from '../migrations.errors.js';
import { type BatchListener, type Step, type StepPlace } from '../schema/step.js';
import { type MigrationSession } from './session.js';

/** Runs one step. @throws MigrationLossError when a guard finds rows that stand in the way */
export async function runStep(
  session: MigrationSession,
  step: Step,
  place?: StepPlace,
  tell?: BatchListener,
): Promise<void> {
  switch (step.kind) {
    case 'sql':
      if (step.unless !== undefined && (await session.query(step.unless)).length > 0) return;
      await session.query(step.sql);
      return;
    case 'work':
      await step.run(session);
      return;
    case 'separate':
      await step.run(session, place ?? { app: '', name: '', position: 0 }, tell);
      return;
    case 'guard': {
      if (step.skip) return;
      const [row] = await session.query<{ amount: number | string }>(step.sql);
      const amount = Number(row?.amount ?? 0);
      if (amount > 0) throw new MigrationLossError(step.message(amount));
    }
  }
}
