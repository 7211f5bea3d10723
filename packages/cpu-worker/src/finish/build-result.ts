import type {
  BundleFacts,
  ClipScore,
  JobOptions,
  Outside,
  Prepared,
  PreparedTrack,
  Result,
  ResultClip,
  ResultFace,
  Verdict,
} from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import {
  calibrate,
  decide,
  type EncodedView,
  findOutside,
  jobScore,
  trackScore,
  videoQuality,
  withStability,
} from '@styleflow/scoring';
import { type BundleView, combineAll, type JudgedScores } from './judged-scores.js';
import { stabilityOf } from './stability-of.js';

export interface Findings {
  readonly record: JobRecord;
  readonly prepared: Prepared;
  /** Of each bundle that judges the job; of most jobs one. */
  readonly judged: readonly JudgedScores[];
  /** When the last of what the result rests on was stored: the same for every finisher, so that all write the same bytes. */
  readonly finishedAt: Date;
  readonly version: string;
}

/** The full result of one job, from what is stored alone. */
export function buildResult({ record, prepared, judged, finishedAt, version }: Findings): Result {
  const views = judged.map((each) => viewOf(record, prepared, each));
  // What stands for the job where one bundle's scores are shown.
  const lead = views.find(({ leftOut }) => leftOut === undefined) ?? views[0];
  if (lead === undefined) throw new RangeError('a result without a bundle');
  const several = record.bundles === undefined ? null : combineAll(views, record.options.combine);
  return {
    job: record.id,
    verdict: several?.verdict ?? lead.verdict,
    partial: views.some(({ partial }) => partial),
    faces: lead.faces,
    ...(prepared.cuts && { cuts: prepared.cuts }),
    ...(prepared.frames && {
      frames: prepared.frames.map((frame) => ({
        ...frame,
        picture: `/v1/jobs/${record.id}/frames/${frame.frame}.jpg`,
      })),
    }),
    ...(prepared.preview !== undefined && {
      preview: prepared.preview && { ...prepared.preview, video: `/v1/jobs/${record.id}/preview.webm` },
    }),
    video: prepared.video,
    model: lead.model,
    pipeline: {
      version,
      preprocessing: prepared.preprocessing,
      ...(prepared.detection && { detection: prepared.detection }),
      ...(prepared.detector && { detector: prepared.detector }),
      ...(prepared.ffmpeg && { ffmpeg: prepared.ffmpeg }),
      options: analysisOptions(record.options),
    },
    timings: {
      createdAt: record.createdAt,
      startedAt: record.startedAt,
      finishedAt: finishedAt.toISOString(),
      steps: prepared.steps,
    },
    ...(several && { opinions: several.opinions, combined: several.combined }),
    ...(lead.stability && { stability: lead.stability }),
    notes: prepared.notes ?? [],
  };
}

function viewOf(record: JobRecord, prepared: Prepared, each: JudgedScores): BundleView {
  const { bundle, scores, leftOut } = each;
  const ranks = rankTracks(prepared.tracks);
  const faces = prepared.tracks.map((track) => buildFace(record, bundle, track, scores, ranks.get(track.track) ?? 1));
  // What lies outside is measured of the clips as they were cut, so it is the same for their re-encodings.
  const outside = outsideOf(record.options, bundle, prepared, faces);
  const judge = (scored: EncodedView['faces']): Verdict =>
    decide({ score: jobScore(scored.map(({ score }) => score)), tracks: faces.length, bundle, outside });
  const verdict = judge(faces);
  const stability = stabilityOf(prepared, each, { verdict, faces }, judge);
  return {
    faces,
    verdict: stability === undefined ? verdict : withStability(verdict, stability),
    ...(stability && { stability }),
    partial: leftOut === undefined && scores.scored < scores.planned,
    model: modelOf(bundle, prepared, scores),
    ...(leftOut && { leftOut }),
  };
}

function modelOf(bundle: BundleFacts, prepared: Prepared, scores: JudgedScores['scores']): Result['model'] {
  const used = prepared.tracks.flatMap(({ track, clips }) =>
    clips.flatMap(({ index }) => scores.of(track, index) ?? []),
  );
  const named = (of: (score: ClipScore) => string | undefined): string | null =>
    [...new Set(used.flatMap((score) => of(score) ?? []))].sort().join('+') || null;
  return {
    bundle: bundle.id,
    digest: bundle.digest,
    variant: bundle.variant,
    precision: bundle.precision,
    trained: bundle.trained,
    calibration: bundle.calibration,
    ...(bundle.thresholds && { thresholds: bundle.thresholds }),
    ...(bundle.calibratedOn && { calibratedOn: bundle.calibratedOn }),
    provider: named(({ provider }) => provider),
    graph: named(({ graph }) => graph),
    runtime: named(({ runtime }) => runtime),
    batchSize: used.length === 0 ? null : used.reduce((largest, { batchSize }) => Math.max(largest, batchSize), 1),
  };
}

function analysisOptions({
  maxFrames,
  sampling,
  faces,
  detection,
  stability,
}: JobOptions): Result['pipeline']['options'] {
  return { maxFrames, sampling, faces, detection, ...(stability === true && { stability }) };
}

/** In what the job differs from what its bundle was calibrated on. */
function outsideOf(
  { maxFrames, sampling, faces: which }: JobOptions,
  bundle: BundleFacts,
  prepared: Prepared,
  faces: readonly ResultFace[],
): Outside[] {
  return findOutside(bundle, {
    // Accounts of older versions do not say how often faces were looked for: in every frame.
    options: { maxFrames, sampling, faces: which, detection: prepared.detection ?? 'dense' },
    preprocessing: prepared.preprocessing,
    precision: bundle.precision,
    video: videoQuality(prepared.video, prepared.tracks),
    faces: faces.filter(({ score }) => score !== null),
  });
}

/** 1 = most screen time; of equals the one that appeared first. */
function rankTracks(tracks: readonly PreparedTrack[]): Map<number, number> {
  const byTime = [...tracks].sort((a, b) => b.frameCount - a.frameCount || a.track - b.track);
  return new Map(byTime.map(({ track }, index) => [track, index + 1]));
}

function buildFace(
  record: JobRecord,
  { calibration }: BundleFacts,
  prepared: PreparedTrack,
  scores: JudgedScores['scores'],
  rank: number,
): ResultFace {
  const clips = prepared.clips.map((clip): ResultClip => {
    const score = scores.of(prepared.track, clip.index);
    const path = `/v1/jobs/${record.id}/faces/${prepared.track}/clips/${clip.index}`;
    return {
      ...clip,
      logit: score?.logit ?? null,
      score: score === null ? null : calibrate(score.logit, calibration),
      picture: `${path}.png`,
      details: `${path}.json`,
      ...(score?.styleFlow && { styleFlow: score.styleFlow }),
      ...(score?.attention && { attention: score.attention }),
    };
  });
  const logits = clips.map(({ logit }) => logit);
  return { ...prepared, rank, score: trackScore(logits, calibration), clips };
}
