import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { JobError } from '@styleflow/contracts';
import { isPublicAddress } from './is-public-address.js';

/** Looks a name up once; replaceable so that a test can answer for the world's name servers. */
export type ResolveName = (name: string) => Promise<readonly LookupAddress[]>;

export const resolveByDns: ResolveName = (name) => lookup(name, { all: true });

/**
 * The addresses of a URL's host, all of them allowed. Whoever connects must connect to these (see `pinTo`): a second
 * look-up could answer differently.
 * @throws JobError `source_forbidden` when one of them is not public and private ones are not allowed.
 */
export async function resolveHost(
  url: URL,
  options: { allowPrivate: boolean; resolveName: ResolveName },
): Promise<readonly LookupAddress[]> {
  // The URL parser has already turned the odd spellings of IPv4 (octal, hexadecimal, one number) into the usual one.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = family === 0 ? await options.resolveName(host) : [{ address: host, family }];
  if (!options.allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new JobError(
      'source_forbidden',
      `${url.host} is not on the public internet; STYLEFLOW_ALLOW_PRIVATE_SOURCES=true allows sources from private addresses`,
    );
  }
  return addresses;
}

/** For a connection's `lookup`: answers these addresses, whatever is asked. */
export function pinTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (name, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error(`${name} has no address`), '');
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
