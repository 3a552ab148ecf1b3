import { type DataSource, type EntityMetadata } from 'typeorm';

/**
 * TypeORM finds tables of pairs by their names alone. Of those that have one name in several schemas each of `ours` that names
 * its schema goes by another name from now on; statements are made of `tablePath`, which stays.
 */
export function tellPairsApart(
  { entityMetadatas, entityMetadatasMap }: DataSource,
  ours: readonly EntityMetadata[],
): void {
  const pairs = entityMetadatas.filter(({ isJunction }) => isJunction);
  const taken = new Set(entityMetadatas.flatMap(({ name, tableName }) => [name, tableName]));
  const alike = pairs.filter(({ tableName }) => pairs.filter((other) => other.tableName === tableName).length > 1);
  for (const metadata of alike.filter((each) => ours.includes(each))) {
    let name = metadata.tableName;
    if (metadata.schema !== undefined) {
      name = `${metadata.schema}_${name}`;
      while (taken.has(name)) name += '_';
      taken.add(name);
      Object.assign(metadata, { target: name, name, tableName: name });
    }
    entityMetadatasMap.set(name, metadata);
  }
}
