import type { Job, Result, Verdict } from '@styleflow/client/browser';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useFormatter, useTranslations } from 'use-intl';
import { ErrorNotice } from '../parts/error-notice.js';
import { ScoreText, VerdictMark } from '../parts/marks.js';
import { clockText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';
import { ClipPicture } from './clip-picture.js';

/** Clips of a face that are shown before somebody asks for more. */
const CLIPS_SHOWN = 8;

type Face = Result['faces'][number];

/** What was found: the verdict with what it rests on, and each face's clips with their pictures. */
export function JobFindings({ job }: { readonly job: Job }) {
  const t = useTranslations('job');
  const { client } = useAccess();
  const result = useQuery({
    queryKey: ['result', job.id, job.finishedAt],
    queryFn: () => client.jobs.result(job.id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = result;
  return (
    <>
      {job.verdict !== undefined && <VerdictCard verdict={job.verdict} result={data} />}
      <ErrorNotice error={result.error} />
      {data !== undefined && data.faces.length > 0 && (
        <section>
          <h2>{t('faces')}</h2>
          {data.faces.map((face) => (
            <FaceCard
              key={face.track}
              job={job.id}
              face={face}
              // What an untrained model says is no reason to mark a clip.
              threshold={data.model.trained ? data.verdict.threshold : null}
            />
          ))}
        </section>
      )}
    </>
  );
}

function VerdictCard({ verdict, result }: { readonly verdict: Verdict; readonly result: Result | undefined }) {
  const t = useTranslations();
  const format = useFormatter();
  const { label, reason, score, threshold } = verdict;
  const two = (value: number): string => format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const why = label === 'fake' ? 'fakeText' : label === 'real' ? 'realText' : (reason ?? 'other');
  return (
    <section className={`card verdict ${label}`} aria-label={t('job.verdict')}>
      <p className="headline">
        <VerdictMark verdict={verdict} />
      </p>
      <p>{t(`verdict.${why}`)}</p>
      <p className="soft">
        {score === null ? t('verdict.noScore') : t('verdict.score', { score: two(score), threshold: two(threshold) })}
      </p>
      {result?.model.provider === 'simulated' && <p className="notice warn">{t('job.simulated')}</p>}
      {result?.model.trained === false && reason !== 'untrained_bundle' && (
        <p className="notice warn">{t('job.untrained')}</p>
      )}
      {result?.partial === true && <p className="notice warn">{t('job.partial')}</p>}
    </section>
  );
}

function FaceCard({
  job,
  face,
  threshold,
}: {
  readonly job: string;
  readonly face: Face;
  readonly threshold: number | null;
}) {
  const t = useTranslations('job');
  const [shown, setShown] = useState(CLIPS_SHOWN);
  const { clips, track } = face;
  const [first, last] = [clips[0], clips.at(-1)];
  const rest = clips.length - shown;
  return (
    <article className="card stack" aria-label={t('face', { number: track + 1 })}>
      <div className="row between">
        <h3>{t('face', { number: track + 1 })}</h3>
        <span>
          <ScoreText score={face.score} />
        </span>
      </div>
      {first !== undefined && last !== undefined && (
        <p className="soft">
          {t('faceFacts', { from: clockText(first.seconds[0]), to: clockText(last.seconds[1]), clips: clips.length })}
        </p>
      )}
      {clips.slice(0, shown).map((clip) => (
        <figure
          key={clip.index}
          className={threshold !== null && clip.score !== null && clip.score >= threshold ? 'clip over' : 'clip'}
        >
          <figcaption className="row between">
            <span>
              {t('clip', { number: clip.index + 1, from: clockText(clip.seconds[0]), to: clockText(clip.seconds[1]) })}
            </span>
            <span>{clip.score === null ? t('clipUnscored') : <ScoreText score={clip.score} />}</span>
          </figcaption>
          <ClipPicture job={job} track={track} clip={clip.index} />
        </figure>
      ))}
      {rest > 0 && (
        <Button className="button" onPress={() => setShown(shown + 40)}>
          {t('more', { count: Math.min(rest, 40) })}
        </Button>
      )}
    </article>
  );
}
