import { type DataSource } from 'typeorm';

/** Takes what was loaded of a relation off a row, so that the next one who asks gets what is stored. */
export function forgetRelation(dataSource: DataSource, row: object, path: string): void {
  const metadata = dataSource.getMetadata(row.constructor).findRelationWithPropertyPath(path);
  if (!metadata) {
    Reflect.deleteProperty(row, path);
    return;
  }
  const { propertyName, embeddedMetadata } = metadata;
  if (embeddedMetadata) metadata.setEntityValue(row, undefined);
  else
    for (const name of metadata.isLazy
      ? [`__${propertyName}__`, `__has_${propertyName}__`, `__promise_${propertyName}__`]
      : [propertyName])
      Reflect.deleteProperty(row, name);
}
