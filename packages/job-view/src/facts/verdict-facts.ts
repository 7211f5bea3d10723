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
  | 'unchecked'
  | 'inconclusive';

/**
 * Which words a verdict bears. Those of evidence need a trained model that was calibrated on labelled videos; without that a
 * score only lies above or below a threshold. Made-up scores, and those of random weights, are no verdict at all.
 */
export function verdictKind(job: Pick<ViewedJob, 'status'>, result: ViewedResult | null): VerdictKind {
  if (result === null) return job.status === 'failed' || job.status === 'canceled' ? job.status : 'running';
  if (result.combined) return combinedKind(result, result.combined.rule);
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
      if (verdict.reason === 'unstable' && result.stability?.state === 'unknown') return 'unchecked';
      return DOUBTS[verdict.reason ?? ''] ?? 'inconclusive';
  }
}

/** Only a mean of calibrated scores says how much it is worth; a count of votes lies above or below what the rule asks for. */
function combinedKind({ verdict, opinions = [] }: ViewedResult, rule: 'mean' | 'majority' | 'any'): VerdictKind {
  if (verdict.reason === 'no_face') return 'no-face';
  if (verdict.reason === 'face_too_short') return 'too-short';
  const given = opinions.filter(({ leftOut }) => leftOut === undefined);
  if (given.length > 0 && given.every(({ model }) => isSimulated(model))) return 'simulated';
  if (given.length > 0 && given.every(({ model }) => !model.trained)) return 'untrained';
  if (verdict.label === 'inconclusive') return 'inconclusive';
  if (verdict.label === 'real') return 'below';
  return rule === 'mean' ? 'signs' : 'above';
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
