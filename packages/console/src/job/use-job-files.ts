import { isStyleFlowError, type Result } from '@styleflow/client/browser';
import type { ClipPlace, JobViewProps, PictureSource } from '@styleflow/job-view';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isUnreachable } from '../session/connection.js';
import { useAccess } from '../session/server-data.js';

const FOREVER = { staleTime: Number.POSITIVE_INFINITY } as const;

export interface JobFiles {
  readonly pictures: PictureSource;
  readonly details: JobViewProps['details'];
  /** The small video of what was looked at; null where there is none, and until it is here. */
  readonly preview: string | null;
  /** Has the picture and the numbers of a clip fetched. */
  readonly want: (clips: readonly ClipPlace[]) => void;
}

/**
 * The pictures and numbers of a job's clips and frames. They are fetched with the key, which a picture's address would not carry, and
 * clips only once they are wanted: a long video has thousands.
 */
export function useJobFiles(job: string, result: Result | undefined): JobFiles {
  const { client } = useAccess();
  const [wanted, setWanted] = useState<readonly ClipPlace[]>([]);
  const want = useCallback((clips: readonly ClipPlace[]): void => {
    setWanted((all) => {
      const added = clips.filter((clip) => !all.some((known) => isSame(known, clip)));
      return added.length === 0 ? all : [...all, ...added];
    });
  }, []);
  const strips = useQueries({
    queries: wanted.map(({ track, clip }) => ({
      ...{ queryKey: ['picture', job, track, clip], ...FOREVER },
      queryFn: async () => blobOf(await client.jobs.clipPicture(job, track, clip)),
    })),
  });
  const frames = result?.frames ?? [];
  const wholes = useQueries({
    queries: frames.map(({ frame }) => ({
      ...{ queryKey: ['frame', job, frame], ...FOREVER },
      queryFn: async () => blobOf(await client.jobs.frame(job, frame)),
    })),
  });
  const video = useQuery({
    ...{ queryKey: ['preview', job], ...FOREVER },
    queryFn: async () => blobOf(await client.jobs.preview(job), 'video/webm'),
    enabled: Boolean(result?.preview),
  });
  const beside = wanted.filter((place) => result !== undefined && hasMore(result, place));
  const numbers = useQueries({
    queries: beside.map(({ track, clip }) => ({
      ...{ queryKey: ['clip', job, track, clip], ...FOREVER },
      queryFn: () => client.jobs.clipDetails(job, track, clip),
    })),
  });
  const addressOf = useObjectUrls();
  // Pictures of one job go all at once, when their retention is over.
  const areGone = [...strips, ...wholes].some(({ error }) => isStyleFlowError(error, 'gone'));
  const picture = (query: { data?: Blob | undefined; error: unknown } | undefined): string | null | undefined => {
    if (areGone) return null;
    if (query?.data !== undefined) return addressOf(query.data);
    return query === undefined || query.error === null || isUnreachable(query.error) ? undefined : null;
  };
  return {
    pictures: {
      clip: (track, clip) => picture(strips[wanted.findIndex((place) => isSame(place, { track, clip }))]),
      frame: (number) => picture(wholes[frames.findIndex(({ frame }) => frame === number)]),
    },
    details: (place) => {
      const told = result?.faces.find(({ track }) => track === place.track)?.clips[place.clip];
      if (told?.styleFlow !== undefined) return told;
      return numbers[beside.findIndex((each) => isSame(each, place))]?.data;
    },
    preview: video.data === undefined ? null : addressOf(video.data),
    want,
  };
}

const isSame = (a: ClipPlace, b: ClipPlace): boolean => a.track === b.track && a.clip === b.clip;

/** Whether a clip has numbers that stand beside the result: those of long videos do. */
function hasMore({ model, faces }: Result, { track, clip }: ClipPlace): boolean {
  if (model.variant === 'content') return false;
  const told = faces.find((face) => face.track === track)?.clips[clip];
  return told !== undefined && told.score !== null && told.styleFlow === undefined;
}

/** @param type of media: a player asks for it. */
async function blobOf(stream: ReadableStream<Uint8Array>, type = ''): Promise<Blob> {
  const headers = { 'Content-Type': type };
  return new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>, { headers }).blob();
}

/** Addresses of this page for bytes that it holds, until it is left. */
function useObjectUrls(): (blob: Blob) => string {
  const urls = useRef(new Map<Blob, string>());
  useEffect(() => {
    const made = urls.current;
    return () => {
      for (const url of made.values()) URL.revokeObjectURL(url);
      made.clear();
    };
  }, []);
  return (blob) => {
    const known = urls.current.get(blob);
    if (known !== undefined) return known;
    const url = URL.createObjectURL(blob);
    urls.current.set(blob, url);
    return url;
  };
}
