import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Services of clouds for the machines inside, in ranges that count as public. Never a source, whatever is allowed. */
const CLOUD_SERVICES = ['168.63.129.16/32'];

/** Hosts from which nothing is fetched. */
export interface DeniedHosts {
  /** By its name, or by one of its addresses. */
  denies(host: string, addresses: readonly string[]): boolean;
}

/**
 * @param entries names (`example.org`: it and all below it), addresses, and ranges (`203.0.113.0/24`).
 * @throws RangeError for an entry that is none of these.
 */
export function deniedHosts(entries: readonly string[]): DeniedHosts {
  const ranges = CLOUD_SERVICES.map((range) => ipaddr.parseCIDR(range));
  const names: string[] = [];
  for (const entry of entries) {
    if (isIP(entry) !== 0) ranges.push([ipaddr.process(entry), isIP(entry) === 4 ? 32 : 128]);
    else if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry));
    else if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(entry)) names.push(entry.toLowerCase());
    else throw new RangeError(`"${entry}" is no name, address or range`);
  }
  return {
    denies(host, addresses) {
      const name = host.toLowerCase().replace(/\.$/, '');
      if (names.some((denied) => name === denied || name.endsWith(`.${denied}`))) return true;
      return addresses.some((address) => {
        const parsed = ipaddr.process(address);
        return ranges.some(([from, bits]) => from.kind() === parsed.kind() && parsed.match(from, bits));
      });
    },
  };
}
