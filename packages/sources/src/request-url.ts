import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pinTo } from './resolve-host.js';

const HEADERS = { accept: 'video/*, */*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'StyleFlow' };

/** One GET to one of the addresses, without following anything; the answer's body is not read yet. */
export function requestUrl(
  url: URL,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // No agent: a kept connection would be one to an address that was checked for another request.
    const outgoing = request(url, { agent: false, headers: HEADERS, lookup: pinTo(addresses), signal });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}
