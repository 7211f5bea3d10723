import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pinTo } from './resolve-host.js';

interface Post {
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Sends one POST to one of the addresses, which were judged before. It follows no redirect, and does not read the body yet. */
export function sendPost(
  url: URL,
  addresses: readonly LookupAddress[],
  { body, headers, signal }: Post,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'StyleFlow' };
  return new Promise((resolve, reject) => {
    // Without an agent: a connection kept from another request could lead to an address that was not checked for this one.
    const outgoing = request(url, { method: 'POST', agent: false, headers: all, lookup: pinTo(addresses), signal });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
