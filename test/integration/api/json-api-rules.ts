/** What is wrong with a document by the rules of https://jsonapi.org/format/1.1/, each with its place. */
export function jsonApiProblems(document: unknown): readonly string[] {
  const problems: string[] = [];
  const report = (at: string, message: string) => void problems.push(`${at}: ${message}`);
  if (!isObject(document)) return ['a document is an object'];
  onlyHas(document, ['data', 'errors', 'meta', 'jsonapi', 'links', 'included'], '', report);
  if (!('data' in document || 'errors' in document || 'meta' in document)) report('', 'has no data, errors or meta');
  if ('data' in document && 'errors' in document) report('', 'has data and errors');
  if ('included' in document && !('data' in document)) report('', 'has included resources without data');
  if ('jsonapi' in document) onlyHas(document.jsonapi, ['version', 'ext', 'profile', 'meta'], '/jsonapi', report);
  if ('links' in document) checkLinks(document.links, '/links', report);
  if ('errors' in document) checkErrors(document.errors, report);
  const primary = [document.data ?? []].flat() as unknown[];
  const included = (document.included ?? []) as unknown[];
  for (const [index, resource] of primary.entries()) checkResource(resource, `/data/${index}`, report);
  for (const [index, resource] of included.entries()) checkResource(resource, `/included/${index}`, report);
  checkCompound(primary, included, report);
  return problems;
}

type Json = Readonly<Record<string, unknown>>;
type Report = (at: string, message: string) => void;

const MEMBER = /^[a-zA-Z\d\u0080-\uffff](?:[-\w \u0080-\uffff]*[a-zA-Z\d\u0080-\uffff])?$/;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyHas(value: unknown, names: readonly string[], at: string, report: Report): void {
  if (!isObject(value)) return report(at, 'is no object');
  for (const name of Object.keys(value)) if (!names.includes(name)) report(at, `has "${name}"`);
}

function checkResource(resource: unknown, at: string, report: Report): void {
  onlyHas(resource, ['type', 'id', 'lid', 'attributes', 'relationships', 'links', 'meta'], at, report);
  if (!isObject(resource)) return;
  checkIdentity(resource, at, report);
  const { attributes = {}, relationships = {} } = resource as Record<string, Json | undefined>;
  for (const name of [...Object.keys(attributes), ...Object.keys(relationships)]) {
    if (!MEMBER.test(name)) report(at, `"${name}" is no name of a member`);
    if (['id', 'type', 'lid'].includes(name)) report(at, `"${name}" cannot be a field`);
    if (name in attributes && name in relationships) report(at, `"${name}" is an attribute and a relationship`);
  }
  for (const [name, relationship] of Object.entries(relationships))
    checkRelationship(relationship, `${at}/relationships/${name}`, report);
  if ('links' in resource) checkLinks(resource.links, `${at}/links`, report);
}

function checkRelationship(relationship: unknown, at: string, report: Report): void {
  onlyHas(relationship, ['data', 'links', 'meta'], at, report);
  if (!isObject(relationship)) return;
  if (Object.keys(relationship).length === 0) report(at, 'has no data, links or meta');
  for (const identifier of [relationship.data ?? []].flat()) {
    onlyHas(identifier, ['type', 'id', 'lid', 'meta'], at, report);
    if (isObject(identifier)) checkIdentity(identifier, at, report);
  }
}

function checkIdentity({ type, id }: Json, at: string, report: Report): void {
  if (typeof type !== 'string' || !MEMBER.test(type)) report(at, 'has no type');
  if (typeof id !== 'string' || id === '' || id === 'undefined') report(at, 'has no id');
}

function checkLinks(links: unknown, at: string, report: Report): void {
  if (!isObject(links)) return report(at, 'is no object');
  for (const [name, link] of Object.entries(links))
    if (link !== null && !(typeof link === 'string' && URL.canParse(link, 'http://here')))
      report(`${at}/${name}`, 'is no link');
}

function checkErrors(errors: unknown, report: Report): void {
  if (!Array.isArray(errors) || errors.length === 0) return report('/errors', 'is no list of errors');
  for (const [index, error] of errors.entries()) {
    const at = `/errors/${index}`;
    onlyHas(error, ['id', 'links', 'status', 'code', 'title', 'detail', 'source', 'meta'], at, report);
    if (!isObject(error)) continue;
    for (const name of ['id', 'status', 'code', 'title', 'detail'])
      if (name in error && typeof error[name] !== 'string') report(`${at}/${name}`, 'is no text');
    if ('source' in error) onlyHas(error.source, ['pointer', 'parameter', 'header'], `${at}/source`, report);
  }
}

/** No resource comes twice, and each included one is referred to. */
function checkCompound(primary: readonly unknown[], included: readonly unknown[], report: Report): void {
  const all = [...primary, ...included].filter(isObject);
  const names = all.map(nameOf);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    report('', `has ${name} twice`);
  const linked = new Set(
    all.flatMap(({ relationships = {} }) =>
      Object.values(relationships as Record<string, Json>).flatMap(({ data }) =>
        [data ?? []].flat().map((one) => nameOf(one as Json)),
      ),
    ),
  );
  for (const resource of included.filter(isObject))
    if (!linked.has(nameOf(resource))) report('/included', `nothing refers to ${nameOf(resource)}`);
}

function nameOf({ type, id }: Json): string {
  return `${String(type)} ${String(id)}`;
}
