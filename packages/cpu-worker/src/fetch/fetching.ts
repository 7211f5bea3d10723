import type { FetchedSource, FetchTarget } from '@styleflow/sources';
import type { FetchEvent } from './fetch-messages.js';

/** One source on its way, as the fetch thread sees it. */
export interface Fetching {
  /** Allows the connection that was told last; answers the next one, or the end. @throws what the fetch throws */
  next(): Promise<FetchEvent>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

type Fetch = (onTarget: (target: FetchTarget) => Promise<void>, signal: AbortSignal) => Promise<FetchedSource>;

export function startFetching(fetch: Fetch): Fetching {
  const abort = new AbortController();
  let told = deferred<FetchEvent>();
  let allowed = deferred<void>();
  const end = fetch((target) => {
    allowed = deferred();
    told.resolve({ type: 'target', target });
    return allowed.promise;
  }, abort.signal).then((source): FetchEvent => ({ type: 'fetched', source }));
  // Whoever asks for the next event gets it; nobody may.
  end.catch(() => undefined);
  return {
    async next() {
      allowed.resolve();
      const event = await Promise.race([told.promise, end]);
      if (event.type === 'target') told = deferred();
      return event;
    },
    async stop() {
      abort.abort(new Error('the fetch was stopped'));
      allowed.resolve();
      await end.catch(() => undefined);
    },
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
