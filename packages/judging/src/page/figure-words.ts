import type { Interval } from '../intervals/bootstrap.js';
import type { Measure } from '../metrics/measure-counts.js';
import type { Analysis, Figures, Group } from '../run/analyse-run.js';
import type { Run } from '../run/run-schemas.js';

/** Head of each measure's column, and what it is. */
export const MEASURE_WORDS: Readonly<Record<Measure, readonly [head: string, meaning: string]>> = {
  auc: ['AUC', 'chance that a fake scores higher than a real video'],
  ap: ['AP', 'average precision'],
  eer: ['EER', 'rate at which as many real videos are accused as fakes are missed; lower is better'],
  accuracy: ['Accuracy', 'right answers among those that were given'],
  balancedAccuracy: ['Bal. acc.', 'mean of both classes’ accuracy'],
  tprAt1Fpr: ['TPR @ 1 %', 'fakes caught where at most 1 % of real videos are accused'],
  tprAt5Fpr: ['TPR @ 5 %', 'fakes caught where at most 5 % of real videos are accused'],
  brier: ['Brier', 'mean squared error of the score as a probability; lower is better'],
  calibrationError: ['ECE', 'distance between score and share of fakes, over ten bins; lower is better'],
  answered: ['Answered', 'share of scored videos that get the answer fake or real'],
};

/** `91.3 [88.0, 94.1]` in percent; `–` where the figure does not exist. */
export function figureText(value: number | null, interval: Interval | null): string {
  if (value === null) return '–';
  const percent = (part: number): string => (part * 100).toFixed(1);
  const range = interval === null ? '' : ` [${percent(interval.low)}, ${percent(interval.high)}]`;
  return `${percent(value)}${range}`;
}

export function cellOf({ measures, intervals }: Figures, measure: Measure): string {
  return figureText(measures[measure], intervals[measure]);
}

/** The protocol as it stands in every output: its name, and in what it was departed from. */
export function protocolWords({ protocol, departures }: Pick<Run, 'protocol' | 'departures'>): string {
  return departures.length === 0 ? protocol : `${protocol} (${departures.join('; ')})`;
}

/** How many of a group's videos there were and how many had no score, and why. */
export function countWords(group: Group): string {
  const { videos, fakes, reals, scored, withoutFace, faceTooShort, failed, outsideCalibration } = group;
  const rest = [
    [withoutFace, 'without a face'],
    [faceTooShort, 'with faces too short'],
    [failed, 'failed'],
    [outsideCalibration, 'outside of the calibration'],
  ] as const;
  return [
    `${videos} videos (${fakes} fake, ${reals} real)`,
    `${scored} scored`,
    ...rest.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  ].join(', ');
}

/** The rule by which the run says fake and real, in words. */
export function ruleWords({ rule }: Analysis): string {
  return rule.real === rule.fake
    ? `fake from ${rule.fake} on`
    : `fake from ${rule.fake} on, real below ${rule.real}, no answer between them`;
}
