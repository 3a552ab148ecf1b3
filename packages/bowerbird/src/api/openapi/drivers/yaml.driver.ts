import { loadPeer } from '#core';

/** A value as YAML, without aliases. @throws MissingPeerError */
export async function yamlOf(value: unknown): Promise<string> {
  const { stringify } = await loadPeer('yaml', 'YAML', () => import('yaml'));
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** The value of a YAML text. @throws MissingPeerError */
export async function fromYaml(text: string): Promise<unknown> {
  const { parse } = await loadPeer('yaml', 'YAML', () => import('yaml'));
  return parse(text) as unknown;
}
