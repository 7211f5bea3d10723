import { isStyleFlowError, StyleFlowClient } from '@styleflow/client/browser';
import { Store } from '../app/store.js';
import { API_ADDRESS } from './session.js';

/** How this page stands to the API. `back`: it answers again, and what is shown was fetched anew. */
export interface Connection {
  readonly state: 'fine' | 'lost' | 'back';
  /** The tab was not run for a while (a closed lid, a tab put to sleep): said once, with what was done. */
  readonly slept: boolean;
  /** The API's version, where it is another one than this console was made for. */
  readonly otherVersion: string | null;
}

const LOOK_MS = 3_000;
const VERSION_MS = 60_000;
/** Timers of hidden tabs are late by a minute at most. */
const SLEEP_MS = 300_000;
const BACK_SHOWN_MS = 8_000;

export const connection = new Store<Connection>({ state: 'fine', slept: false, otherVersion: null });

const open = new StyleFlowClient({ api: API_ADDRESS, retries: 0 });
let looking = false;
let refresh: () => void = () => undefined;

/** Whether an error means that the API was not reached at all. */
export function isUnreachable(error: unknown): boolean {
  return isStyleFlowError(error, 'internal') && error.details?.status === undefined && error.cause instanceof TypeError;
}

/** A call did not reach the API: looks until it answers, then has everything fetched anew. */
export function connectionWasLost(): void {
  if (looking) return;
  looking = true;
  connection.update((now) => ({ ...now, state: 'lost' }));
  const timer = window.setInterval(async () => {
    if (!(await lookAtVersion())) return;
    window.clearInterval(timer);
    looking = false;
    connection.update((now) => ({ ...now, state: 'back' }));
    refresh();
    window.setTimeout(
      () => connection.update((now) => (now.state === 'back' ? { ...now, state: 'fine' } : now)),
      BACK_SHOWN_MS,
    );
  }, LOOK_MS);
}

/** Watches for another version of the API and for sleep. `onReturn` fetches what is shown anew. */
export function watchConnection(onReturn: () => void): void {
  refresh = onReturn;
  void lookAtVersion();
  let lookedAt = Date.now();
  window.setInterval(() => {
    const slept = Date.now() - lookedAt > SLEEP_MS;
    lookedAt = Date.now();
    if (slept) {
      connection.update((now) => ({ ...now, slept: true }));
      refresh();
    }
    if (document.visibilityState === 'visible') void lookAtVersion();
  }, VERSION_MS);
  // A part of the console that is fetched later is gone when the API was replaced meanwhile.
  window.addEventListener('vite:preloadError', () => {
    connection.update((now) => ({ ...now, otherVersion: now.otherVersion ?? '' }));
  });
}

export function sleepWasSeen(): void {
  connection.update((now) => ({ ...now, slept: false }));
}

/** Whether the API answers. */
async function lookAtVersion(): Promise<boolean> {
  try {
    const { version } = await open.health();
    const isOther = version !== CONSOLE_VERSION;
    connection.update((now) => ({ ...now, otherVersion: isOther ? version : null }));
    return true;
  } catch (error) {
    if (isUnreachable(error)) connectionWasLost();
    return !isUnreachable(error);
  }
}
