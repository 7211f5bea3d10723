import type { Result } from '@styleflow/client/browser';
import { boxesAt, FaceBoxes } from '@styleflow/job-view';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';

export interface PreviewPlayerProps {
  /** The preview, as a page can play it. */
  readonly src: string;
  readonly result: Pick<Result, 'video' | 'faces'>;
}

/** What was looked at as a small video, with the faces' numbered boxes over it, placed by the time of the frame that is shown. */
export function PreviewPlayer({ src, result }: PreviewPlayerProps): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  const seconds = useShownSeconds(video);
  const [isWithBoxes, setWithBoxes] = useState(true);
  const t = useTranslations('player');
  const { width, height } = result.video;
  return (
    <div className="player">
      <div className="player-picture" style={{ aspectRatio: `${width} / ${height}`, width: widthOf(width / height) }}>
        <video ref={video} src={src} controls muted playsInline preload="auto" aria-label={t('label')} />
        {isWithBoxes && <FaceBoxes width={width} height={height} boxes={boxesAt(result.faces, seconds)} />}
      </div>
      <label className="player-choice">
        <input type="checkbox" checked={isWithBoxes} onChange={({ target }) => setWithBoxes(target.checked)} />
        {t('boxes')}
      </label>
    </div>
  );
}

/** The time of the picture that is seen now: by the frame where the browser tells it, else as often as the screen is drawn. */
function useShownSeconds(video: RefObject<HTMLVideoElement | null>): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let handle = 0;
    if ('requestVideoFrameCallback' in element) {
      const look = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
        setSeconds(mediaTime);
        handle = element.requestVideoFrameCallback(look);
      };
      handle = element.requestVideoFrameCallback(look);
      return () => element.cancelVideoFrameCallback(handle);
    }
    const look = (): void => {
      setSeconds((element as HTMLVideoElement).currentTime);
      handle = requestAnimationFrame(look);
    };
    handle = requestAnimationFrame(look);
    return () => cancelAnimationFrame(handle);
  }, [video]);
  return seconds;
}

/** Upright ones no higher than a screen. */
function widthOf(shape: number): string {
  return `min(100%, ${Math.min(42, 30 * shape).toFixed(1)}rem)`;
}
