import { useSyncExternalStore } from 'react';

/**
 * The place within the console stands behind the `#` of the address: `#/jobs?status=failed`. So the API serves one page alone, and
 * a proxy may put it below any path.
 */

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

const hash = (): string => window.location.hash.replace(/^#/, '') || '/';
const pathOf = (): string => hash().split('?')[0] || '/';
const searchOf = (): string => hash().split('?')[1] ?? '';

/** Goes to a place of the console, `PATH` or `PATH?QUERY`. */
export function goTo(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) {
    window.history.replaceState(null, '', `#${to}`);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    return;
  }
  window.location.hash = to;
}

/** The path, in the form that the router takes. */
export function useHashPath(): [string, typeof goTo] {
  return [useSyncExternalStore(subscribe, pathOf), goTo];
}
useHashPath.hrefs = (path: string): string => `#${path}`;

/** The query of the place, without `?`. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, searchOf);
}
