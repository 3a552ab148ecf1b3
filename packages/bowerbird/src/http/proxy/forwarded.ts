import { isIP } from 'node:net';

import { plainAddress, type AddressRanges } from './address-ranges.js';

/** What one proxy says of the client that it answered. */
export interface Hop {
  readonly address?: string;
  readonly protocol?: string;
  readonly host?: string;
}

/** The client as the nearest trusted proxy saw it; a part is undefined where nobody trusted said it. */
export type Client = Hop;

/** Reads `X-Forwarded-For`, `-Proto` and `-Host` into hops, the farthest first. */
export function readXForwarded(header: (name: string) => string | undefined): readonly Hop[] {
  const lists = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'].map((name) => listOf(header(name)));
  const length = Math.max(...lists.map((list) => list.length));
  const [addresses, protocols, hosts] = lists.map((list) => alignRight(list, length));
  return addresses!.map((address, index) => hop(addressOf(address ?? ''), protocols![index], hosts![index]));
}

/**
 * Reads a `Forwarded` header (RFC 7239) into hops, the farthest first. Obfuscated and unknown identifiers count as
 * no address.
 */
export function readForwarded(header: string | undefined): readonly Hop[] {
  return splitOutsideQuotes(header ?? '', ',').map((element) => {
    const pairs = new Map(
      splitOutsideQuotes(element, ';').map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [name.trim().toLowerCase(), unquote(value.join('=').trim())] as const;
      }),
    );
    return hop(addressOf(pairs.get('for') ?? ''), pairs.get('proto'), pairs.get('host'));
  });
}

/**
 * Walks the hops from the nearest to the farthest for as long as the speaker is trusted (RFC 7239, section 7.4): what an
 * untrusted address says, and everything before it, is not believed.
 */
export function clientOf(socketAddress: string, hops: readonly Hop[], trusted: AddressRanges): Client {
  let client: Client = { address: plainAddress(socketAddress) };
  for (let index = hops.length - 1; index >= 0; index -= 1) {
    if (!trusted.includes(client.address!)) break;
    const said = hops[index]!;
    client = { address: said.address ?? client.address!, ...pick(said, client) };
    if (said.address === undefined) break;
  }
  return client;
}

function pick(said: Hop, before: Client): Pick<Hop, 'protocol' | 'host'> {
  const protocol = said.protocol ?? before.protocol;
  const host = said.host ?? before.host;
  return { ...(protocol !== undefined && { protocol }), ...(host !== undefined && { host }) };
}

function hop(address?: string, protocol?: string, host?: string): Hop {
  const known = protocol?.toLowerCase();
  return {
    ...(address !== undefined && { address }),
    ...((known === 'http' || known === 'https') && { protocol: known }),
    ...(host !== undefined && host !== '' && { host }),
  };
}

/** The address in a node identifier: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`. */
function addressOf(node: string): string | undefined {
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(node);
  const withPort = /^([\d.]+):\d{1,5}$/.exec(node);
  const address = bracketed?.[1] ?? withPort?.[1] ?? node;
  return isIP(address) === 0 ? undefined : plainAddress(address);
}

function listOf(header: string | undefined): readonly string[] {
  return header === undefined || header.trim() === '' ? [] : header.split(',').map((item) => item.trim());
}

/** Puts values beside the hops that said them: the last one comes from the nearest proxy. */
function alignRight(values: readonly string[], length: number): readonly (string | undefined)[] {
  return [...Array.from({ length: length - values.length }, () => undefined), ...values];
}

function splitOutsideQuotes(text: string, mark: ',' | ';'): readonly string[] {
  const parts = text.match(mark === ',' ? /(?:"(?:\\.|[^"\\])*"|[^,"])+/g : /(?:"(?:\\.|[^"\\])*"|[^;"])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
