import { isStyleFlowError, type StyleFlowClient } from '@styleflow/client/browser';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { apiMayBeAnother, connectionWasLost, isUnreachable, isUnreadable } from './connection.js';
import { keyWasRefused } from './session.js';

function lookAt(error: unknown): void {
  if (isStyleFlowError(error, 'unauthorized')) keyWasRefused();
  if (isUnreachable(error)) connectionWasLost();
  if (isUnreadable(error)) void apiMayBeAnother();
}

/** Keeps what the server answered, and asks again. What was answered stays on the screen while the API is away. */
export const serverData = new QueryClient({
  queryCache: new QueryCache({ onError: lookAt }),
  mutationCache: new MutationCache({ onError: lookAt }),
  defaultOptions: {
    queries: {
      // The client repeats what is worth repeating; an outage is waited for by the connection.
      retry: false,
      staleTime: 1_000,
      gcTime: 120_000,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export { lookAt as lookAtError };

/** The client of the open session, and whether its key may operate the system. */
export interface Access {
  readonly client: StyleFlowClient;
  readonly isAdmin: boolean;
  readonly hasKey: boolean;
}

export const AccessContext = createContext<Access | null>(null);

export function useAccess(): Access {
  const access = useContext(AccessContext);
  if (access === null) throw new Error('this stands outside of an open session');
  return access;
}
