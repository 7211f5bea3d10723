import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The range of public IPv6 addresses (RFC 4291, 2.4). Loopback, link-local, unique local and others lie outside. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public internet. Not public are loopback, private networks, link-local (cloud
 * metadata), carrier-grade NAT, multicast, documentation and reserved ranges. Nor are IPv6 addresses that contain an
 * IPv4 address (NAT64, 6to4, Teredo), since they could lead to one of these. An IPv4-mapped address counts as its IPv4
 * address.
 */
export function isPublicAddress(address: string): boolean {
  // The library would also take shortened forms, which are refused here.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}
