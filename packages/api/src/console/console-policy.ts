/**
 * What the console's page may do: run and show its own files, call the API it came from, and send uploads to the store by signed
 * addresses. Nothing that stands in a page or in a name can run, and nothing is fetched from elsewhere.
 * @param storeOrigin where signed uploads go, when that is another place than the API
 */
export function consoleHeaders(storeOrigin: string | null): Readonly<Record<string, string>> {
  const connect = ["'self'", ...(storeOrigin === null ? [] : [storeOrigin])].join(' ');
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      // Pictures of clips are fetched with the key and shown from memory.
      "img-src 'self' blob:",
      `connect-src ${connect}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
