import { createHash } from 'node:crypto';
import { Html, html, VERSION } from '@styleflow/runtime';
import { INSPECTOR_STYLES } from './inspector-styles.js';

/** Seconds after which an open page refreshes itself. */
const REFRESH_S = 10;

const STYLE_HASH = createHash('sha256').update(INSPECTOR_STYLES).digest('base64');

/** Pages contain what clients sent (addresses, file names), so nothing in them may run, load or send anything. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
};

/** A whole page. `trail` are the links from the top to this page. */
export function pageFrame(
  title: string,
  body: readonly (Html | null)[],
  {
    trail,
    refreshes,
  }: { readonly trail: readonly (readonly [text: string, href: string])[]; readonly refreshes: boolean },
): string {
  const refresh = refreshes ? html`<meta http-equiv="refresh" content="${REFRESH_S}">` : null;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${refresh}<title>${title} · StyleFlow</title><style>${new Html(INSPECTOR_STYLES)}</style></head>
<body><main><nav>StyleFlow ${VERSION}${trail.map(([text, href]) => html` · <a href="${href}">${text}</a>`)}</nav>
<h1>${title}</h1>
${body}
</main></body></html>
`.text;
}
