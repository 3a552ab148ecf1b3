import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { Length } from 'class-validator';
import { Column, Entity, ManyToMany, PrimaryColumn, type Relation } from 'typeorm';

import { Country } from './country.entity.js';

/** A language, known by its three letters (ISO 639-3). */
@Entity('atlas_language')
@Meta({ ordering: ['name'], display: 'name' })
@Admin({ list: ['name', 'code'], search: ['name', '=code'], ordering: ['name'] })
export class Language {
  @PrimaryColumn({ length: 3 })
  @Length(3, 3)
  @Field({ help: 'Three letters, ISO 639-3' })
  code: string;

  @Column({ length: 80, unique: true })
  name: string;

  @ManyToMany(() => Country, (country) => country.languages)
  countries: Relation<Country>[];
}
