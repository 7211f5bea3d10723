import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where public IPv6 addresses are given out (RFC 4291, 2.4). Outside of it are loopback, link-local, unique local, … */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * True for an address of the public internet. Loopback, private networks, link-local (cloud metadata), carrier-grade
 * NAT, multicast, documentation and reserved ranges are not, nor are IPv6 forms that carry an IPv4 address inside
 * (NAT64, 6to4, Teredo), which could lead to one of those. An IPv4-mapped address counts as its IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  // Stricter than the library, which also takes shortened forms.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}
