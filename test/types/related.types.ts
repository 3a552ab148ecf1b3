/* What links of related rows take. Nothing here runs: the type checker is the test. */
import { related, type Database, type LinkedRows } from 'bowerbird/orm';
import { expectTypeOf } from 'vitest';

declare class Player {
  id: number;
  name: string;
  clubs: LinkedRows<Club, Membership>;
  teams: Club[];
}

declare class Club {
  country: string;
  code: number;
  name: string;
  rename(name: string): void;
}

declare class Membership {
  id: number;
  player: Player;
  club: Club;
  inviter: Player | null;
  role: string;
}

declare const db: Database;
declare const player: Player;
declare const club: Club;
declare const anything: object;

// What compiles, and what comes back.
const clubs = related(player, 'clubs');
expectTypeOf(clubs.all()).resolves.toExtend<Club[]>();
void db.related(player, 'clubs').add(club, { throughDefaults: { role: 'x' } });
expectTypeOf(player.clubs[0]!.name).toEqualTypeOf<string>();
void clubs.add(club, { country: 'de', code: 1 }, { throughDefaults: { inviter: player, role: 'x' } });
void clubs.add(7, { throughDefaults: { inviter: 5 } });
void clubs.set([club, 7], { throughDefaults: { inviter: null } });
void clubs.create({ name: 'Harriers' }, { throughDefaults: { role: 'x' } });
void clubs.remove(club, 7);
const teams = related(player, 'teams');
void teams.add(club, { throughDefaults: { anything: 1 } });
void teams.linkedBy(Membership).add(club, { throughDefaults: { role: 'x' } });
void db.related(anything, 'whatever').add(anything, 5, { throughDefaults: { role: 'x' } });

// What links have no fields for.
// @ts-expect-error a misspelt field of the links
void clubs.add(club, { throughDefaults: { rle: 'x' } });
// @ts-expect-error a number for a text
void clubs.add(club, { throughDefaults: { role: 5 } });
// @ts-expect-error a row of another entity
void clubs.add(club, { throughDefaults: { inviter: club } });
// @ts-expect-error a misspelt field of the links of a list
void clubs.set([club], { throughDefaults: { rle: 'x' } });
// @ts-expect-error a number for a text of a list
void clubs.set([club], { throughDefaults: { role: 5 } });
// @ts-expect-error a misspelt field of the link of a new row
void clubs.create({ name: 'x' }, { throughDefaults: { rle: 'x' } });
// @ts-expect-error a misspelt option
void clubs.add(club, { thruDefaults: { role: 'x' } });
// @ts-expect-error a misspelt field of links that are said
void teams.linkedBy(Membership).add(club, { throughDefaults: { rle: 'x' } });
// @ts-expect-error a misspelt field of links that are said, of a list
void teams.linkedBy(Membership).set([club], { throughDefaults: { rle: 'x' } });
// @ts-expect-error a misspelt field of the links of a row of another database
void db.related(player, 'clubs').add(club, { throughDefaults: { rle: 'x' } });
// @ts-expect-error what is no row of the relation
void clubs.add({ title: 'x' });
