import { isStyleFlowError, StyleFlowClient } from '@styleflow/client/browser';
import { API_ADDRESS } from '../app/api-address.js';
import { Store } from '../app/store.js';

/** How this page stands to the API. `back`: it answers again, and what is shown was fetched anew. */
export interface Connection {
  readonly state: 'fine' | 'lost' | 'back';
  /** The tab was not run for a while (a closed lid, a tab put to sleep): said once, with what was done. */
  readonly slept: boolean;
  /**
   * The API's version, where it is another one than this console was made for; '' where that is not known. Once it was seen it stays, also
   * when an API of the earlier version answers in between, as they do while one after the other is replaced.
   */
  readonly otherVersion: string | null;
  /** The person has read of it. */
  readonly versionWasSeen: boolean;
}

const LOOK_MS = 3_000;
const VERSION_MS = 60_000;
/** Timers of hidden tabs are late by a minute at most. */
const SLEEP_MS = 300_000;
const BACK_SHOWN_MS = 8_000;

export const connection = new Store<Connection>({
  state: 'fine',
  slept: false,
  otherVersion: null,
  versionWasSeen: false,
});

const open = new StyleFlowClient({ api: API_ADDRESS, retries: 0 });
let looking = false;
let refresh: () => void = () => undefined;

/** What a proxy answers while nobody is behind it. */
const NOBODY_BEHIND: readonly unknown[] = [502, 503, 504];

/** Whether an error means that the API was not reached at all; a store at another place that is away is none. */
export function isUnreachable(error: unknown): boolean {
  if (!isStyleFlowError(error, 'internal')) return false;
  const { status, origin } = error.details ?? {};
  if (status !== undefined) return NOBODY_BEHIND.includes(status);
  return error.cause instanceof TypeError && origin === new URL(API_ADDRESS).origin;
}

/** Whether an error means that the API answered something that this console does not understand. */
export function isUnreadable(error: unknown): boolean {
  return isStyleFlowError(error, 'internal') && error.cause instanceof Error && error.cause.name === 'ZodError';
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
  // A part of the console that is fetched later is gone when the API was replaced meanwhile, or is out of reach with it.
  window.addEventListener('vite:preloadError', () => void apiMayBeAnother());
}

/** Something failed as it does when the API is of another version: says so where it answers, looks until it does where not. */
export async function apiMayBeAnother(): Promise<void> {
  if (await lookAtVersion()) noteOther('');
}

function noteOther(version: string): void {
  connection.update((now) => ({ ...now, otherVersion: version || now.otherVersion || '' }));
}

export function versionWasSeen(): void {
  connection.update((now) => ({ ...now, versionWasSeen: true }));
}

export function sleepWasSeen(): void {
  connection.update((now) => ({ ...now, slept: false }));
}

/** Whether the API answers. */
async function lookAtVersion(): Promise<boolean> {
  try {
    const { version } = await open.health();
    if (version !== CONSOLE_VERSION) noteOther(version);
    return true;
  } catch (error) {
    if (isUnreachable(error)) connectionWasLost();
    if (isUnreadable(error)) noteOther('');
    return !isUnreachable(error);
  }
}
