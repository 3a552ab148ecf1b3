import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { IsUppercase, Length } from 'class-validator';
import { Column, Entity, ManyToMany, PrimaryColumn, type Relation } from 'typeorm';

import { Country } from './country.entity.js';

/** Money that some country pays with, known by its three letters (ISO 4217). */
@Entity('atlas_currency')
@Meta({ labelPlural: 'Currencies', ordering: ['name'], display: 'name' })
@Admin({ list: ['name', 'code', 'symbol'], search: ['name', '=code'], ordering: ['name'] })
export class Currency {
  @PrimaryColumn({ length: 3 })
  @Length(3, 3)
  @IsUppercase()
  @Field({ help: 'Three capital letters, ISO 4217' })
  code: string;

  @Column({ length: 80 })
  name: string;

  @Column({ length: 12, default: '' })
  @Field({ blank: true })
  symbol: string;

  @ManyToMany(() => Country, (country) => country.currencies)
  countries: Relation<Country>[];
}
