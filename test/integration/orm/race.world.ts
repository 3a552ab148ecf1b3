import { type Database } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What two processes write at once. */
@Entity()
export class Tally {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) word: string;
  @Column({ default: 0 }) count: number;
  @Column({ length: 10, default: '' }) by: string;
}

export const RACERS = [Tally];
export const ROUNDS = 30;

/** Writes what the other process writes as well, and returns how many rows it made itself by `getOrCreate`. */
export async function race(db: Database, by: string): Promise<number> {
  const tallies = db.objects(Tally);
  let made = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { created } = await tallies.getOrCreate({ word: `once ${round}` }, { by });
    if (created) made += 1;
    await db.atomic(async () => {
      const shared = await tallies.selectForUpdate().get({ word: 'shared' });
      await tallies.updateOrCreate({ word: 'shared' }, { count: shared.count + 1 });
    });
    const rows = ['x', 'y'].map((word) => ({ word: `bulk ${word}${round}`, count: round, by }));
    await tallies.bulkCreate(rows, { onConflict: { update: ['count'], unique: ['word'] } });
    await tallies.bulkCreate([{ word: `kept ${round}`, by }], { onConflict: 'ignore' });
  }
  return made;
}
