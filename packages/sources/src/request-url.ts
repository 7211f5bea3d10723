import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { mendConnection } from './mended-connection.js';
import { pinTo } from './resolve-host.js';

const HEADERS = { accept: 'video/*, */*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'StyleFlow' };

/** As much as browsers and curl take at least. */
const MOST_HEADER_BYTES = 65_536;

/** Connects to one of the addresses of a URL's host. A test may put its own server in the place of the world's. */
export type Connect = (url: URL, addresses: readonly LookupAddress[]) => Duplex;

export const connectTo: Connect = connectTrusting(undefined);

/** @param authorities certificates in PEM that are trusted by https, in the place of those that Node trusts */
export function connectTrusting(authorities: string | undefined): Connect {
  return (url, addresses) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isSecure = url.protocol === 'https:';
    const target = { host, port: Number(url.port || (isSecure ? 443 : 80)), lookup: pinTo(addresses) };
    if (!isSecure) return connect(target);
    const servername = isIP(host) === 0 ? host : '';
    return connectTls({ ...target, servername, ca: authorities, ALPNProtocols: ['http/1.1'] });
  };
}

/**
 * Sends one GET to one of the addresses. It follows no redirect, and does not read the body yet. Each request has its own connection:
 * one that was kept could lead to an address that was not judged for this one, and what comes behind an answer reaches nobody, so
 * that the parser may be as lenient as browsers are (lines without CR, a length beside chunks).
 */
export function requestUrl(
  url: URL,
  addresses: readonly LookupAddress[],
  {
    connect: open,
    headers,
    signal,
  }: { readonly connect: Connect; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      // Stands in `Host` only where it is another one, as signatures of signed addresses expect.
      defaultPort: url.protocol === 'https:' ? 443 : 80,
      createConnection: () => mendConnection(open(url, addresses)),
      headers: { ...HEADERS, ...headers },
      insecureHTTPParser: true,
      maxHeaderSize: MOST_HEADER_BYTES,
      signal,
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}
