import { isStyleFlowError, StyleFlowClient } from '@styleflow/client/browser';
import { API_ADDRESS } from '../app/api-address.js';
import { Store } from '../app/store.js';
import { apiMayBeAnother, isUnreadable } from './connection.js';

/** Why a key is asked for: none was given, the API does not know it, or it took it before and does so no more. */
export type KeyReason = 'missing' | 'wrong' | 'revoked';

export type Session =
  | { readonly state: 'opening' }
  | { readonly state: 'unreachable' }
  | { readonly state: 'locked'; readonly reason: KeyReason }
  | {
      readonly state: 'open';
      readonly client: StyleFlowClient;
      /** Null where the API asks for none. */
      readonly key: string | null;
      readonly isAdmin: boolean;
    };

const KEPT_AS = 'styleflow.key';
const KEY_LOST = { state: 'locked', reason: 'revoked' } as const;

export const session = new Store<Session>({ state: 'opening' });

const keptKey = (): string | null => window.sessionStorage.getItem(KEPT_AS);

/**
 * Opens the console with the key of this tab, or without one where the API asks for none. The key stays in the tab's own storage, which
 * ends with it, and is sent as a header alone.
 */
export async function openSession(key = keptKey(), isTyped = false): Promise<void> {
  const client = new StyleFlowClient({ api: API_ADDRESS, ...(key === null ? {} : { key }), retries: 1 });
  try {
    await client.models().catch(passUnreadable);
    const isAdmin = await mayOperate(client);
    if (key !== null) window.sessionStorage.setItem(KEPT_AS, key);
    session.set({ state: 'open', client, key, isAdmin });
  } catch (error) {
    if (!isStyleFlowError(error, 'unauthorized')) {
      session.set({ state: 'unreachable' });
      return;
    }
    window.sessionStorage.removeItem(KEPT_AS);
    session.set({ state: 'locked', reason: key === null ? 'missing' : isTyped ? 'wrong' : 'revoked' });
  }
}

/** An answer that only another version's console reads was given to a key that is taken. */
function passUnreadable(error: unknown): void {
  if (!isUnreadable(error)) throw error;
  void apiMayBeAnother();
}

async function mayOperate(client: StyleFlowClient): Promise<boolean> {
  try {
    await client.queues().catch(passUnreadable);
    return true;
  } catch (error) {
    if (isStyleFlowError(error, 'forbidden')) return false;
    throw error;
  }
}

/** The API refused the key during work. */
export function keyWasRefused(): void {
  window.sessionStorage.removeItem(KEPT_AS);
  if (session.get().state === 'open') session.set(KEY_LOST);
}

export function signOut(): void {
  window.sessionStorage.removeItem(KEPT_AS);
  session.set({ state: 'locked', reason: 'missing' });
}
