// What compiles and what does not around JSON columns whose shape is known. Nothing of this runs.
import { Count, F, Sum, type Json, type QuerySet } from 'bowerbird/orm';

interface Prefs {
  theme?: 'dark' | 'light';
  level: number;
  beta: boolean;
  tags: string[];
  home: { city: string; zip?: string };
}

declare class User {
  id: number;
  name: string;
  prefs: Json<Prefs> | null;
  friend: User | null;
  roles: Json<string[]>;
  extra: Record<string, unknown>;
}

declare const users: QuerySet<User>;

// What compiles.
users.filter({ 'prefs.theme': 'dark', 'prefs.level__gte': 3, 'prefs.home.city__icontains': 'os', 'prefs.tags.0': 'a' });
users.filter({ prefs__hasKey: 'theme', prefs__contains: { level: 1 }, prefs__isnull: false, prefs: null });
users.filter({ 'prefs.theme__in': ['dark', 'light'], 'prefs.level__range': [1, 5], 'prefs.beta': true });
users.filter({ 'prefs.tags__contains': ['a'], 'prefs.tags__length__gt': 1, 'prefs.home.zip': null, roles__length: 2 });
users.filter({ 'friend.prefs.theme': 'dark', 'friend.prefs.level__gt': 1, 'roles.0__startswith': 'ad' });
users.filter({ 'extra.anything.at.all': 1, 'extra.size__gt': 5, 'prefs.level': F('prefs.level') });
users.orderBy('-prefs.level').annotate({ sum: Sum('prefs.level'), n: Count('prefs.theme') });
void users.create({
  name: 'Ann',
  prefs: { level: 1, beta: false, tags: [], home: { city: 'Oslo' } },
  roles: ['admin'],
});
void users.update({ prefs: { level: 1, beta: false, tags: [], home: { city: 'Oslo' } } });
export const theme: Promise<('dark' | 'light' | null)[]> = users.flat('prefs.theme').all();
export const city: Promise<string | null> = users
  .values('prefs.home.city')
  .get()
  .then((row) => row['prefs.home.city']);
export const whole: Promise<Prefs | null> = users.flat('prefs').get();
export const own = (user: User): string | undefined => user.prefs?.theme;

// What does not.
// @ts-expect-error misspelt key
users.filter({ 'prefs.them': 'dark' });
// @ts-expect-error misspelt key of a key
users.filter({ 'prefs.home.town': 'Oslo' });
// @ts-expect-error no key of a text
users.filter({ 'prefs.home.city.name': 'Oslo' });
// @ts-expect-error a value that the key does not have
users.filter({ 'prefs.theme': 'blue' });
// @ts-expect-error a text for a number
users.filter({ 'prefs.level': '3' });
// @ts-expect-error a text for a number
users.filter({ 'prefs.level__gt': '3' });
// @ts-expect-error text lookup of a number
users.filter({ 'prefs.level__icontains': '3' });
// @ts-expect-error order of a truth value
users.filter({ 'prefs.beta__gt': true });
// @ts-expect-error order of a document
users.filter({ prefs__gt: 1 });
// @ts-expect-error a key that is no text
users.filter({ prefs__hasKey: 1 });
// @ts-expect-error a place that is none
users.filter({ 'prefs.tags.first': 'a' });
// @ts-expect-error a document of another shape
void users.update({ prefs: { level: 'high' } });
// @ts-expect-error a document of another shape
void users.create({ name: 'Ann', prefs: { levels: 1 }, roles: [] });
// @ts-expect-error misspelt key in an ordering
users.orderBy('prefs.levle');
// @ts-expect-error misspelt key in values
users.values('prefs.levle');
// @ts-expect-error misspelt key in an expression
users.annotate({ sum: Sum('prefs.levle') });
// @ts-expect-error a document is no relation
users.selectRelated('prefs');
// @ts-expect-error a document is no relation
users.prefetchRelated('prefs');
