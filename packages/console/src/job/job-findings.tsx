import type { Job } from '@styleflow/client/browser';
import { type ClipPlace, clipAnchor, clipOfAnchor, JOB_VIEW_STYLES, JobView } from '@styleflow/job-view';
import { useQuery } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslations } from 'use-intl';
import { language } from '../app/appearance.js';
import { useStore } from '../app/store.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { useAccess } from '../session/server-data.js';
import { PreviewPlayer } from './preview-player.js';
import { useJobFiles } from './use-job-files.js';

const styles = new CSSStyleSheet();
styles.replaceSync(JOB_VIEW_STYLES);
document.adoptedStyleSheets.push(styles);

/** Clips whose pictures are fetched before they are seen. */
const AHEAD = '400px';

/** Drawn anew only for what it is given: a long video's timeline has thousands of bars. */
const DrawnView = memo(JobView);

/** What came of a job that has ended: the view that is also its report, with bars that open any clip. */
export default function JobFindings({ job }: { readonly job: Job }) {
  const t = useTranslations();
  const { client } = useAccess();
  const chosen = useStore(language);
  const [selected, select] = useState<ClipPlace | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const { data, error } = useQuery({
    queryKey: ['result', job.id, job.finishedAt],
    queryFn: () => client.jobs.result(job.id),
    enabled: job.status === 'succeeded',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const files = useJobFiles(job.id, data);
  const { want, preview } = files;
  // Pictures come one by one while a person scrolls: they are drawn in between the frames.
  const { pictures, details } = useDeferredValue(files);
  const player = useMemo(
    () => preview !== null && data !== undefined && <PreviewPlayer src={preview} result={data} />,
    [preview, data],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: with these the clips on the page change
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.filter(({ isIntersecting }) => isIntersecting);
        want(seen.flatMap(({ target }) => clipOfAnchor(target.id) ?? []));
      },
      { rootMargin: AHEAD },
    );
    for (const clip of place.current?.querySelectorAll('.jv-open') ?? []) observer.observe(clip);
    return () => observer.disconnect();
  }, [data, selected, want]);
  useEffect(() => {
    if (selected === null) return;
    const clip = document.getElementById(clipAnchor(selected))?.closest('details');
    if (!clip) return;
    clip.open = true;
    clip.scrollIntoView({ block: 'center' });
    clip.querySelector('summary')?.focus({ preventScroll: true });
  }, [selected]);

  if (error !== null) return <ErrorNotice error={error} />;
  if (data === undefined && job.status === 'succeeded') return <p className="soft">{t('app.loading')}</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what links and bars inside do is completed here
    <div className="job-view" ref={place} onClick={followLink} onKeyDown={stepBars}>
      <DrawnView
        job={job}
        result={data ?? null}
        language={chosen}
        pictures={pictures}
        details={details}
        selected={selected}
        onSelect={select}
        isEmbedded
        {...(job.error && { errorTitle: t(`error.${job.error.code}`) })}
        player={player}
      />
    </div>
  );
}

/** Links within the view lead to its faces. The place in the address belongs to the pages of the console. */
function followLink(event: MouseEvent): void {
  const link = (event.target as Element).closest('a[href^="#"]');
  if (link === null) return;
  event.preventDefault();
  const name = link.getAttribute('href')?.slice(1) ?? '';
  if (clipOfAnchor(name) === null) document.getElementById(name)?.scrollIntoView({ block: 'start' });
}

/** The arrow keys go from bar to bar of a face; Enter opens, as with every link. With a modifier they are the browser's. */
function stepBars(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const from = event.target as Element;
  const bars = [...(from.closest('.jv-plot')?.querySelectorAll<SVGAElement>('a') ?? [])];
  if (bars.length === 0) return;
  const at = bars.indexOf(from as SVGAElement);
  const last = bars.length - 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at === -1 ? last : at - 1,
    Home: 0,
    End: last,
  };
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  bars[Math.min(Math.max(to, 0), last)]?.focus();
}
