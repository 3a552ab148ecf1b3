import { isUnknown, readSearchField, type SearchField } from '#orm';

import { refuse, resolveIn, secrecyOf, unknownPath, type FilterTools } from './filter-tools.js';
import { SearchSet } from './search-set.js';

/** Derives the search of an entity; whatever is wrong is reported and left out. */
export function describeSearch(declared: readonly string[], tools: FilterTools): SearchSet {
  return new SearchSet(declared.flatMap((name) => describeField(name, tools) ?? []));
}

function describeField(name: string, tools: FilterTools): SearchField | undefined {
  const read = readSearchField(name, (path) => resolveIn(path, tools));
  if ('lookup' in read) {
    const secrecy = secrecyOf(read);
    return secrecy === undefined ? read : unfit(read.path, secrecy, 'Leave it out', tools);
  }
  const { path } = read;
  if ('unfit' in read) {
    const { sensitive, kind } = read.unfit;
    return unfit(
      path,
      sensitive ? 'sensitive' : kind,
      sensitive ? 'Leave it out' : `Search it for equal values: "=${path}"`,
      tools,
    );
  }
  if (isUnknown(read.found)) return unknownPath(path, 'search', read.found, tools);
  return unfit(path, 'a relation', `Name a field of it: "${path}.name"`, tools);
}

function unfit(path: string, reason: string, hint: string, tools: FilterTools): undefined {
  return refuse('api.E023', `"${path}" is ${reason} and cannot be searched`, 'search', hint, tools);
}
