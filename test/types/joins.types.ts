/* What must compile and what must not of joins. Nothing here runs: the type checker is the test. */
import { Count, F, FilteredRelation, Max, Q, type QuerySet } from 'bowerbird/orm';
import { expectTypeOf } from 'vitest';

declare class Customer {
  id: number;
  name: string;
  orders: Order[];
}

declare class Order {
  id: number;
  currency: string;
  total: number;
  customer: Customer;
  note: string | null;
}

declare class Rate {
  id: number;
  currency: string;
  factor: number;
}

declare const orders: QuerySet<Order>;
declare const rates: QuerySet<Rate>;
declare const customers: QuerySet<Customer>;
declare const unknownRows: QuerySet;

// What compiles.
const rated = orders.join('rate', rates, { on: { currency: F('rate.currency') } });
rated.filter({ 'rate.factor__gt': 1, total__lt: F('rate.factor') }).orderBy('-rate.factor', 'total');
orders.join('rate', rates, { on: Q({ currency: F('rate.currency') }).or({ 'rate.factor__gt': 2 }), kind: 'left' });
orders.join('rate', rates.values('currency', 'factor'), { on: { currency: F('rate.currency') } }).values('rate.factor');
customers.joined({ large: FilteredRelation('orders', { 'orders.total__gt': 100 }) }).annotate({ n: Count('large') });
unknownRows.join('rate', unknownRows, { on: { x: F('rate.y') } }).joined({ large: FilteredRelation('orders', {}) });
const table = orders
  .values('currency')
  .annotate({ top: Max('total') })
  .asTable();
table.filter({ top__gt: 5, currency: 'EUR' }).orderBy('-top');

// What comes back.
expectTypeOf(rated.values('id', 'rate.factor').get()).resolves.toEqualTypeOf<{ id: number; 'rate.factor': number }>();
expectTypeOf(
  orders
    .join('rate', rates, { on: { currency: F('rate.currency') }, kind: 'left' })
    .values('id', 'rate.factor')
    .get(),
).resolves.toEqualTypeOf<{ id: number; 'rate.factor': number | null }>();
expectTypeOf(
  orders
    .join('rate', rates, { on: { currency: F('rate.currency') }, kind: 'right' })
    .values('id', 'rate.factor')
    .get(),
).resolves.toEqualTypeOf<{ id: number | null; 'rate.factor': number }>();
expectTypeOf(
  orders
    .join('rate', rates, { on: { currency: F('rate.currency') }, kind: 'full' })
    .values('id', 'rate.factor')
    .get(),
).resolves.toEqualTypeOf<{ id: number | null; 'rate.factor': number | null }>();
expectTypeOf(table.values('currency', 'top').get()).resolves.toEqualTypeOf<{ currency: string; top: number | null }>();

// What must not compile.
// @ts-expect-error the name is that of a field
orders.join('total', rates, { on: { currency: F('total.currency') } });
// @ts-expect-error the condition names a field that is not there
orders.join('rate', rates, { on: { curency: F('rate.currency') } });
// @ts-expect-error the condition names a field that the other query has not
orders.join('rate', rates, { on: { currency: F('rate.curency') } });
// @ts-expect-error a text does not equal a number
orders.join('rate', rates, { on: { currency: F('rate.factor') } });
// @ts-expect-error there is no such join
orders.join('rate', rates, { on: { currency: F('rate.currency') }, kind: 'outer' });
// @ts-expect-error a join has a condition
orders.join('rate', rates, {});
// @ts-expect-error a join is with a query
orders.join('rate', Rate, { on: { currency: F('rate.currency') } });
// @ts-expect-error the other query selects nothing but the currency
orders.join('rate', rates.values('currency'), { on: { currency: F('rate.currency') } }).values('rate.factor');
// @ts-expect-error a misspelt field of what is joined
rated.filter({ 'rate.facter': 1 });
// @ts-expect-error a misspelt field of what is joined in an ordering
rated.orderBy('rate.facter');
// @ts-expect-error a misspelt field of what is joined in values
rated.values('rate.facter');
// @ts-expect-error a lookup that does not fit what is joined
rated.filter({ 'rate.factor__icontains': '1' });
// @ts-expect-error nothing is joined under this name
orders.filter({ 'rate.factor': 1 });
// @ts-expect-error a joined row is no relation
rated.selectRelated('rate');
// @ts-expect-error the name is taken by the first join
rated.join('rate', rates, { on: { currency: F('rate.currency') } });
// @ts-expect-error the relation is misspelt
customers.joined({ large: FilteredRelation('ordrs', { 'orders.total__gt': 100 }) });
// @ts-expect-error a column is no relation
customers.joined({ large: FilteredRelation('name', {}) });
// @ts-expect-error the condition names a field that the relation has not
customers.joined({ large: FilteredRelation('orders', { 'orders.totl__gt': 100 }) });
// @ts-expect-error the name is that of a relation
customers.joined({ orders: FilteredRelation('orders', { 'orders.total__gt': 100 }) });
// @ts-expect-error a relation is narrowed by FilteredRelation
customers.joined({ large: 'orders' });
// @ts-expect-error a misspelt field of a narrowed relation
customers.joined({ large: FilteredRelation('orders', {}) }).annotate({ top: Max('large.totl') });
// @ts-expect-error entities are no table
orders.asTable().filter({ currency: 'EUR' });
// @ts-expect-error the table has no such value
table.filter({ total: 5 });
// @ts-expect-error the table has no such value to order by
table.orderBy('total');
