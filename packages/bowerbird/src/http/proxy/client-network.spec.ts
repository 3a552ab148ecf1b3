import { describe, expect, it } from 'vitest';

import { clientNetwork } from './client-network.js';

describe('clientNetwork', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['not an address', 'unknown'],
    ['', 'unknown'],
  ])('groups %j as %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });

  it('is at most 45 characters long', () => {
    expect(clientNetwork('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff').length).toBeLessThanOrEqual(45);
  });
});
