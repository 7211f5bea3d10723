import type { Result, ResultRow } from '@styleflow/client';
import { type ErrorCode, JobError, VerdictSchema, type VideoFacts } from '@styleflow/contracts';
import type { Outcome, Run, Served } from '@styleflow/judging';
import { videoQuality } from '@styleflow/scoring';

/** What a run keeps of a video that has a result. */
export function outcomeOf(
  id: string,
  row: Pick<ResultRow, 'job'>,
  result: Result,
  styleMeans: Outcome['styleMeans'] = undefined,
): Outcome {
  const { faces, video, verdict } = result;
  return {
    ...{ id, status: 'succeeded', job: row.job, errorCode: null, sha256: video.sha256 },
    verdict: VerdictSchema.parse(verdict),
    faces: faces.map(({ track, rank, frames, firstScore, clips, quality }) => ({
      ...{ track, rank, firstScore, logits: clips.map(({ logit }) => logit) },
      frames: [frames[0] ?? 0, frames[1] ?? 0],
      ...(quality && { quality }),
    })),
    ...(styleMeans && { styleMeans }),
    quality: videoQuality(
      video as VideoFacts,
      faces.map(({ clips }) => ({ clips: clips as never[] })),
    ),
  };
}

/** A video that failed, was canceled, or was never taken. */
export function failedOutcome(id: string, job: string | null, errorCode: ErrorCode): Outcome {
  const status = errorCode === 'canceled' ? 'canceled' : 'failed';
  return { id, status, job, errorCode, verdict: null, sha256: null, faces: [], quality: null };
}

/** What scored a result. @throws JobError when the API is of a version that does not tell its calibration */
export function servedOf({ model, pipeline, verdict }: Result, options: Run['options']): Served {
  const { bundle, digest, variant, precision, trained, provider, calibration, thresholds, calibratedOn } = model;
  if (calibration === undefined)
    throw new JobError(
      'invalid_request',
      'the API is older than this command: its results do not tell their calibration',
    );
  return {
    ...{ bundle, digest, variant, trained, provider, threshold: verdict.threshold, version: pipeline.version },
    calibration: calibration as Served['calibration'],
    ...(thresholds && { thresholds }),
    ...(calibratedOn && { calibratedOn: calibratedOn as Served['calibratedOn'] }),
    conditions: { options, preprocessing: pipeline.preprocessing, precision },
  };
}

/** Why a result does not belong into a run that another bundle or worker has begun; null when it does. */
export function refuseMixture(before: Served, now: Served): string | null {
  if (before.digest !== now.digest)
    return `the run was begun with the bundle ${before.bundle}, and ${now.bundle} is served now: figures of two bundles would be mixed`;
  if (before.conditions.preprocessing !== now.conditions.preprocessing)
    return 'workers that cut clips in different ways serve the API (other preprocessing digests): figures of two pipelines would be mixed';
  return null;
}
