import { MaxLength } from 'class-validator';
import { Column, Entity, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';

/** How many entities the demo has, with those of the framework. */
const DEMO_COUNT = 14;

/** Entities as the demo has them, on TypeORM and class-validator alone: seven columns and two relations each. */
export function bareEntities(count = DEMO_COUNT): readonly (new () => object)[] {
  const made: (new () => object)[] = [];
  for (let index = 0; index < count; index += 1) made.push(bareEntity(`bare_${index}`, made.at(-1)));
  return made;
}

function bareEntity(name: string, related: (new () => object) | undefined): new () => object {
  class BareEntity {}
  Object.defineProperty(BareEntity, 'name', { value: pascalCase(name) });
  const { prototype } = BareEntity;
  PrimaryGeneratedColumn()(prototype, 'id');
  for (const path of ['name', 'slug', 'summary']) {
    Column({ type: 'varchar', length: 200 })(prototype, path);
    MaxLength(200)(prototype, path);
  }
  Column({ type: 'integer' })(prototype, 'amount');
  Column({ type: 'boolean', default: false })(prototype, 'active');
  Column({ type: 'datetime', nullable: true })(prototype, 'changedAt');
  if (related) {
    ManyToOne(() => related)(prototype, 'parent');
    ManyToMany(() => related)(prototype, 'others');
    JoinTable({ name: `${name}_others` })(prototype, 'others');
  }
  Entity(name)(BareEntity);
  return BareEntity;
}

/** `bare_7` is Bare7. */
function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|_)(.)/g, (_whole, letter: string) => letter.toUpperCase());
}
