import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { JobError } from '@styleflow/contracts';
import type { DeniedHosts } from './denied-hosts.js';
import { isPublicAddress } from './is-public-address.js';
import { hasNoAddress, lookUpName, type ResolveName } from './look-up-name.js';

/**
 * Looks up the addresses of a URL's host and checks them. Connect to these addresses alone (see `pinTo`), since a
 * second look-up could give others.
 * @throws JobError `source_forbidden` for a literal address that is not public where only public ones are allowed, for a denied
 *   host, and when an address is public and the port is none of `ports`; what `lookUpName` throws. A name that leads inside is
 *   answered like one that does not exist, so that nobody learns by it which names there are.
 */
export async function resolveHost(
  url: URL,
  options: { allowPrivate: boolean; ports: readonly number[]; denied: DeniedHosts; resolveName: ResolveName },
): Promise<readonly LookupAddress[]> {
  // Unusual spellings of IPv4 (octal, hexadecimal, one number) have already been made the usual one by the URL parser.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const isName = family === 0;
  const addresses = isName ? await lookUpName(host, options) : [{ address: host, family }];
  if (addresses.length === 0) throw hasNoAddress(host, options, new Error('it has none'));
  if (
    options.denied.denies(
      host,
      addresses.map(({ address }) => address),
    )
  ) {
    throw new JobError('source_forbidden', `Nothing is fetched from ${url.host} (STYLEFLOW_DENIED_SOURCES)`);
  }
  if (!options.allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
    // What `localhost` leads to is no secret.
    if (isName && !/(^|\.)localhost\.?$/i.test(host)) throw hasNoAddress(host, options, new Error('it leads inside'));
    throw new JobError(
      'source_forbidden',
      `${url.host} is not on the public internet; STYLEFLOW_ALLOW_PRIVATE_SOURCES=true allows sources from private addresses`,
    );
  }
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!options.ports.includes(port) && addresses.some(({ address }) => isPublicAddress(address))) {
    const allowed = options.ports.join(', ');
    throw new JobError(
      'source_forbidden',
      `${url.host}: sources are fetched from the ports ${allowed} only; STYLEFLOW_SOURCE_PORTS allows others`,
    );
  }
  return addresses;
}

/** A `lookup` for connections that answers these addresses for every name. */
export function pinTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (name, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error(`${name} has no address`), '');
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
