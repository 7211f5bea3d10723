import type { Calibration } from '@styleflow/contracts';
import { calibrate, jobScore, trackScore } from '@styleflow/scoring';
import type { ProtocolName } from './protocols.js';

/** What a result tells of one face. */
export interface ScoredFace {
  /** 1: most screen time. */
  readonly rank: number;
  readonly frames: readonly [number, number];
  /** The detector's score in the track's first frame. */
  readonly firstScore: number;
  /** By clip; null for one that could not be scored. */
  readonly logits: readonly (number | null)[];
}

export interface VideoScore {
  /** Null without a scored face. */
  readonly score: number | null;
  /** What a calibration is fitted on: the logit whose score this is; null where the score is no function of one. */
  readonly logit: number | null;
  /** Scores of the clips that the score rests on. */
  readonly clips: readonly number[];
}

/** The score of a video by the rule of a protocol, from the logits of its clips. */
export function videoScore(protocol: ProtocolName, faces: readonly ScoredFace[], calibration: Calibration): VideoScore {
  const counted = countedFaces(protocol, faces);
  const logits = counted.map((face) => face.logits.filter((logit) => logit !== null));
  const clips = logits.flat().map((logit) => calibrate(logit, calibration));
  switch (protocol) {
    case 'all-faces':
    case 'original': {
      const means = logits.filter((each) => each.length > 0).map(meanOf);
      const score = jobScore(logits.map((each) => trackScore(each, calibration)));
      return { score, logit: means.length === 0 ? null : Math.max(...means), clips };
    }
    case 'ftcn':
    case 'deepfakebench':
      return { score: clips.length === 0 ? null : meanOf(clips), logit: null, clips };
  }
}

function countedFaces(protocol: ProtocolName, faces: readonly ScoredFace[]): readonly ScoredFace[] {
  switch (protocol) {
    case 'all-faces':
      return faces;
    case 'original':
      return [...faces].sort((a, b) => a.frames[0] - b.frames[0] || b.firstScore - a.firstScore).slice(0, 1);
    case 'ftcn':
    case 'deepfakebench':
      return faces.filter(({ rank }) => rank === 1);
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
