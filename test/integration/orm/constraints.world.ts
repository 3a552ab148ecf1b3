import { CheckConstraint, F, Lower, Q, TableIndex, UniqueConstraint } from 'bowerbird/orm';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity()
export class Hall {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

/** A booking of a hall, with constraints of every kind that all databases keep. */
@Entity()
@UniqueConstraint<Booking>('booking_code', { fields: ['code'], message: 'Somebody has this code.', code: 'taken' })
@UniqueConstraint<Booking>('booking_email', { expressions: [Lower('email')] })
@UniqueConstraint<Booking>('booking_open', {
  fields: ['hall'],
  where: Q({ status: 'open' }).or({ hours__gt: 10 }),
  message: 'This hall has an open booking already.',
})
@UniqueConstraint<Booking>('booking_seat', { fields: ['hall', 'seat'], nulls: 'same', at: 'seat' })
@CheckConstraint<Booking>('booking_hours', { hours__range: [1, 24] }, { message: 'Between 1 and 24 hours.' })
@CheckConstraint<Booking>('booking_order', { last__gte: F('first') }, { code: 'order', at: 'last' })
@CheckConstraint<Booking>('booking_paid', Q({ paid: false }).or({ price__gt: '0.00', status__in: ['open', 'done'] }))
@CheckConstraint<Booking>('booking_begin', { begin__gte: '2000-01-01T00:00:00Z' })
@CheckConstraint<Booking>('booking_note', Q({ note__length__lte: 20 }))
@CheckConstraint<Booking>('booking_letters', '"code" = UPPER("code")')
@TableIndex<Booking>('booking_by_status', { fields: ['status', 'first'], include: ['hours'] })
export class Booking {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 10 }) code: string;
  @Column({ length: 80 }) email: string;
  @Column({ length: 10, default: 'open' }) status: string;
  @Column({ default: 1 }) hours: number;
  @Column({ type: 'decimal', precision: 8, scale: 2, default: '1.00' }) price: string;
  @Column({ default: false }) paid: boolean;
  @Column('date') first: string;
  @Column('date', { nullable: true }) last: string | null;
  @Column({ type: Date, nullable: true }) begin: Date | null;
  @Column({ type: 'varchar', length: 100, nullable: true }) note: string | null;
  @Column({ type: 'int', nullable: true }) seat: number | null;
  @ManyToOne(() => Hall, { nullable: true, onDelete: 'CASCADE' }) hall: Relation<Hall> | null;
}
