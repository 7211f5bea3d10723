import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAccess } from '../session/server-data.js';

interface ClipPictureProps {
  readonly job: string;
  readonly track: number;
  readonly clip: number;
}

/** The crops of one clip in a row; fetched once they come into view, with the key, which a picture's address would not carry. */
export function ClipPicture({ job, track, clip }: ClipPictureProps) {
  const t = useTranslations('job');
  const { client } = useAccess();
  const place = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setSeen(true);
        observer.disconnect();
      },
      { rootMargin: '300px' },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const picture = useQuery({
    queryKey: ['picture', job, track, clip],
    queryFn: async () =>
      new Response((await client.jobs.clipPicture(job, track, clip)) as ReadableStream<Uint8Array<ArrayBuffer>>).blob(),
    enabled: isSeen,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const url = useObjectUrl(picture.data);
  const name = t('picture', { face: track + 1, clip: clip + 1 });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a picture that scrolls is no set of fields
    <div ref={place} className="strip" tabIndex={0} role="group" aria-label={name}>
      {url !== null && <img src={url} alt={name} />}
      {picture.isError && <span className="soft">{t('pictureGone')}</span>}
    </div>
  );
}

/** An address of this page for bytes that it holds. */
function useObjectUrl(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (blob === undefined) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
