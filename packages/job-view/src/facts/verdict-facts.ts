import type { EvidenceLevel } from '../words/word-inputs.js';
import type { ViewedJob, ViewedModel, ViewedResult } from './viewed-job.js';

/** What may be said at the top of the page. */
export type VerdictKind =
  | 'running'
  | 'failed'
  | 'canceled'
  | 'no-face'
  | 'too-short'
  | 'simulated'
  | 'untrained'
  | 'signs'
  | 'above'
  | 'below'
  | 'in-doubt'
  | 'outside'
  | 'unstable'
  | 'inconclusive';

/**
 * Which words a verdict bears. Those of evidence need a trained model that was calibrated on labelled videos; without that a
 * score only lies above or below a threshold. Made-up scores, and those of random weights, are no verdict at all.
 */
export function verdictKind(job: Pick<ViewedJob, 'status'>, result: ViewedResult | null): VerdictKind {
  if (result === null) return job.status === 'failed' || job.status === 'canceled' ? job.status : 'running';
  const { verdict, model } = result;
  if (verdict.reason === 'no_face') return 'no-face';
  if (verdict.reason === 'face_too_short') return 'too-short';
  if (isSimulated(model)) return 'simulated';
  if (!model.trained) return 'untrained';
  switch (verdict.label) {
    case 'fake':
      return isCalibrated(model) ? 'signs' : 'above';
    case 'real':
      return 'below';
    case 'inconclusive':
      return DOUBTS[verdict.reason ?? ''] ?? 'inconclusive';
  }
}

const DOUBTS: Readonly<Record<string, VerdictKind>> = {
  score_in_doubt: 'in-doubt',
  outside_calibration: 'outside',
  unstable: 'unstable',
};

/** Whether any clip was scored by a device that makes its numbers up. */
export function isSimulated({ provider }: ViewedModel): boolean {
  return provider?.split('+').includes('simulated') ?? false;
}

/** Whether threshold and scores were ever checked against videos whose truth is known. */
export function isCalibrated({ trained, calibratedOn }: ViewedModel): boolean {
  return trained && calibratedOn !== undefined;
}

/** Four levels, as fact-checkers' tools use them, by a calibrated score. */
export function evidenceLevel(score: number): EvidenceLevel {
  if (score >= 0.9) return 'very-strong';
  if (score >= 0.7) return 'strong';
  if (score >= 0.5) return 'moderate';
  return 'weak';
}

/** Whether scores mean anything, so that they are drawn in colours that say so. */
export function isMeaningful(kind: VerdictKind): boolean {
  return kind === 'signs' || kind === 'above' || kind === 'below' || kind === 'in-doubt' || kind === 'inconclusive';
}
