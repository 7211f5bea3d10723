import { JobError } from '@styleflow/contracts';

/** @throws JobError `source_forbidden` for what is no address of http or https. */
export function parseSourceUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new JobError('source_forbidden', 'Sources are fetched by http and https only');
  }
  return url;
}

/**
 * Where a redirect leads. Bytes beyond ASCII, which a header may hold in any encoding, are taken as they are, as browsers and curl do.
 * @throws JobError `source_forbidden` for another scheme, and from https to http.
 */
export function redirectTo(from: URL, location: string): URL {
  // Node reads a header's bytes as Latin-1.
  const encoded = location.replace(/[\x80-\xff]/g, (byte) => encodeByte(byte.charCodeAt(0)));
  const url = parseSourceUrl(encoded, from);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    const message = `${nameOf(from)} redirects from https to http, where anybody on the way could answer`;
    throw new JobError('source_forbidden', message);
  }
  return url;
}

const encodeByte = (byte: number): string => `%${byte.toString(16).toUpperCase()}`;

/** A URL for messages. Credentials are left out, and the query, which often holds a signature. */
export function nameOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
