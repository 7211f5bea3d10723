import type { IncomingMessage } from 'node:http';
import { CookieJar } from 'tough-cookie';

/**
 * The cookies of one fetch: some sites set one and redirect to the file, which they give only to who brings it. No other host gets
 * them, also where `Domain` would allow it, and they end with the fetch.
 */
export class FetchCookies {
  readonly #jars = new Map<string, CookieJar>();

  keep(url: URL, { headers }: IncomingMessage): void {
    const { 'set-cookie': texts = [] } = headers;
    if (texts.length === 0) return;
    const jar = this.#jars.get(keyOf(url)) ?? new CookieJar(undefined, { looseMode: true });
    this.#jars.set(keyOf(url), jar);
    for (const text of texts) jar.setCookieSync(text, url.href, { ignoreError: true });
  }

  /** What goes into the header `Cookie`; empty when there is nothing to bring. */
  of(url: URL): string {
    return this.#jars.get(keyOf(url))?.getCookieStringSync(url.href) ?? '';
  }
}

/** From http to https it is the same host, while another port that was named may be somebody else's. */
const keyOf = (url: URL): string => `${url.hostname}:${url.port}`;
