import type { Job, StyleFlowClient } from '@styleflow/client/browser';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAccess } from '../session/server-data.js';

const POLL_MS = 3_000;
/** A poll beside events, in case a stream hangs. */
const SLOW_POLL_MS = 20_000;
/**
 * Event streams of this tab at once: a browser opens six connections to a place over all tabs, and one that is held by a stream is
 * missing to uploads and calls. Jobs beyond that are asked for.
 */
const STREAMS_AT_ONCE = 2;
let streams = 0;

export const hasEnded = ({ status }: Pick<Job, 'status'>): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';

export const jobQueryKey = (id: string) => ['job', id] as const;

/** The job, kept up to date until it has ended: by its events where a stream is free, else by asking. */
export function useFollowedJob(id: string) {
  const { client } = useAccess();
  const data = useQueryClient();
  const query = useQuery({
    queryKey: jobQueryKey(id),
    queryFn: ({ signal }) => client.jobs.get(id, { signal }),
    refetchInterval: ({ state }) => {
      if (state.data !== undefined && hasEnded(state.data)) return false;
      return followed.has(id) ? SLOW_POLL_MS : POLL_MS;
    },
  });
  const isUnderWay = query.data !== undefined && !hasEnded(query.data);
  useEffect(() => {
    if (!isUnderWay) return;
    return followWhileVisible(client, id, {
      onProgress: (progress) =>
        data.setQueryData<Job>(jobQueryKey(id), (job) => (job === undefined ? job : { ...job, progress })),
      onChange: () => void data.invalidateQueries({ queryKey: jobQueryKey(id) }),
    });
  }, [isUnderWay, client, id, data]);
  return query;
}

const followed = new Set<string>();

interface Followers {
  readonly onProgress: (progress: Job['progress']) => void;
  readonly onChange: () => void;
}

/** Follows a job's events as long as the tab is seen: one that nobody looks at holds no connection. */
function followWhileVisible(client: StyleFlowClient, id: string, followers: Followers): () => void {
  let stop: AbortController | null = null;
  const look = (): void => {
    const isSeen = document.visibilityState === 'visible';
    if (isSeen && stop === null && streams < STREAMS_AT_ONCE && !followed.has(id)) {
      stop = new AbortController();
      void follow(client, id, followers, stop.signal).finally(() => {
        stop = null;
      });
    }
    if (!isSeen) stop?.abort();
  };
  look();
  document.addEventListener('visibilitychange', look);
  // A stream that broke off, or for which there was no room, is tried again.
  const timer = window.setInterval(look, POLL_MS);
  return () => {
    document.removeEventListener('visibilitychange', look);
    window.clearInterval(timer);
    stop?.abort();
  };
}

async function follow(client: StyleFlowClient, id: string, followers: Followers, signal: AbortSignal): Promise<void> {
  streams += 1;
  followed.add(id);
  try {
    for await (const { type, data } of client.jobs.events(id, { signal })) {
      if (type === 'progress') followers.onProgress(data);
      else followers.onChange();
    }
  } catch {
    // The poll finds out what is the matter, and says so.
  } finally {
    streams -= 1;
    followed.delete(id);
    if (!signal.aborted) followers.onChange();
  }
}
