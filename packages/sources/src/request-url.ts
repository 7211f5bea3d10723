import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pinTo } from './resolve-host.js';

const HEADERS = { accept: 'video/*, */*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'StyleFlow' };

/** Sends one GET to one of the addresses. It follows no redirect, and does not read the body yet. */
export function requestUrl(
  url: URL,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // Without an agent: a connection kept from another request could lead to an address that was not checked for this
    // one.
    const outgoing = request(url, { agent: false, headers: HEADERS, lookup: pinTo(addresses), signal });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}
