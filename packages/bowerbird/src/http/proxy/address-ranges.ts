import { BlockList, isIP } from 'node:net';

/** Whether a text is neither an IP address nor a CIDR range. */
export function badRange(text: string): boolean {
  return parseRange(text) === undefined;
}

/** An address with the number of leading bits that must agree. */
interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function parseRange(text: string): Range | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = length === undefined ? most : Number(length);
  return bits > most ? undefined : { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** A set of addresses, built from addresses and CIDR ranges of both versions. */
export class AddressRanges {
  private readonly list = new BlockList();

  constructor(ranges: readonly string[]) {
    for (const text of ranges) {
      const range = parseRange(text);
      if (range) this.list.addSubnet(range.address, range.bits, range.family);
    }
  }

  /** Whether the set holds the address; a text that is no address is never in it. */
  includes(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** An address as it is written everywhere else: IPv4 addresses in IPv6 clothes (`::ffff:10.0.0.1`) become plain. */
export function plainAddress(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}
