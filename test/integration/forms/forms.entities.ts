import { Field, Meta } from 'bowerbird/orm';
import {
  ArrayMaxSize,
  IsOptional,
  Matches,
  Min,
  MinLength,
  Validate,
  ValidateIf,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';

@ValidatorConstraint({ name: 'notSoldOut' })
class NotSoldOut implements ValidatorConstraintInterface {
  validate(value: unknown, { object }: ValidationArguments): boolean {
    return !(value === 'sold-out' && (object as Product).stock! > 0);
  }

  defaultMessage(): string {
    return 'status cannot be sold out while there is stock';
  }
}

@Entity()
export class Category {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) name: string;
  @Column({ default: true }) open: boolean;
}

@Entity()
export class Tag {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 20 }) name: string;
}

export class Size {
  @Column({ type: 'int', nullable: true }) @IsOptional() @Min(1) width: number | null;
  @Column({ length: 2, default: 'cm' }) unit: string;
}

@Entity()
export class Sheet {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) title: string;
}

@Entity()
@Unique('product_name_category', ['name', 'category'])
@Check('product_price_positive', 'price >= 0')
@Meta({ label: 'Product' })
export class Product {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 30 }) @MinLength(3) name: string;
  @Column({ length: 30, unique: true }) @Field({ format: 'slug' }) slug: string;
  @Column('text', { default: '' }) @Field({ help: 'Shown in the shop.', blank: true }) description: string;
  @Column('decimal', { precision: 10, scale: 2 }) @Min(0) price: string;
  @Column('bigint', { nullable: true }) ean: string | null;
  @Column('int', { nullable: true }) stock: number | null;
  @Column('double precision', { nullable: true }) weight: number | null;
  @Column({ default: false }) listed: boolean;
  @Column('boolean', { nullable: true }) organic: boolean | null;
  @Column('date', { nullable: true }) harvested: string | null;
  @Column('time', { nullable: true }) opens: string | null;
  @Column({ type: 'datetime', nullable: true }) soldAt: Date | null;
  @Column({ type: 'enum', enum: ['draft', 'live', 'sold-out'], default: 'draft' })
  @Validate(NotSoldOut)
  status: string;
  @Column({ type: 'json', nullable: true }) extra: object | null;
  @Column({ type: 'uuid', nullable: true }) token: string | null;
  @Column('varchar', { length: 100, nullable: true }) @Field({ format: 'file' }) manual: string | null;
  @Column('varchar', { length: 100, nullable: true }) @MinLength(5) @ValidateIf((row: Product) => row.listed) contact:
    string | null;
  @Column('varchar', { length: 10, nullable: true }) @Matches(/^[A-Z]+$/, { message: 'Capitals only' }) code:
    string | null;
  @Column({ length: 10, default: 'nobody' }) @Field({ editable: false }) owner: string;
  @Column(() => Size) size: Size;
  @Column({ type: 'datetime', default: () => 'CURRENT_TIMESTAMP' }) listedSince: Date;
  @ManyToOne(() => Category, { nullable: false, onDelete: 'CASCADE' }) category: Relation<Category>;
  @OneToOne(() => Sheet, { nullable: true }) @JoinColumn() sheet: Relation<Sheet> | null;
  @ManyToMany(() => Tag) @JoinTable() @ArrayMaxSize(3) tags: Relation<Tag>[];
}

@Entity()
@Index(['shelf'], { unique: true })
export class Place {
  @PrimaryColumn({ length: 5 }) room: string;
  @PrimaryColumn('int') row: number;
  @Column({ length: 10 }) shelf: string;
}

@Entity()
export class Label {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Place, { nullable: true }) place: Relation<Place> | null;
}

export const ENTITIES = [Category, Tag, Sheet, Product, Place, Label];
