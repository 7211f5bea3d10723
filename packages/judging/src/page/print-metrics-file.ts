import type { Analysis } from '../run/analyse-run.js';
import type { Run } from '../run/run-schemas.js';

const GAUGES = [
  ['auc', 'auc', 'Area under the ROC curve, by video.'],
  ['balanced_accuracy', 'balancedAccuracy', 'Mean of both classes’ accuracy among answered videos.'],
  ['brier', 'brier', 'Mean squared error of the score; lower is better.'],
  ['answered_ratio', 'answered', 'Share of scored videos that got the answer fake or real.'],
] as const;

/** The figures of a golden set in Prometheus' text format. A figure that does not exist is left out. */
export function printMetricsFile({ served, protocol }: Run, { groups: [all] }: Analysis, now: Date): string {
  const labels = `bundle="${escapeLabel(served?.bundle ?? '')}",protocol="${protocol}"`;
  const gauge = (name: string, help: string, samples: readonly (readonly [string, number | null])[]): string[] => {
    const lines = samples.flatMap(([own, value]) =>
      value === null ? [] : [`styleflow_golden_${name}{${own}} ${value}`],
    );
    return lines.length === 0
      ? []
      : [`# HELP styleflow_golden_${name} ${help}`, `# TYPE styleflow_golden_${name} gauge`, ...lines];
  };
  const outcomes = (
    all === undefined
      ? []
      : Object.entries({
          scored: all.scored,
          without_face: all.withoutFace,
          face_too_short: all.faceTooShort,
          failed: all.failed,
        })
  ).map(([outcome, count]) => [`${labels},outcome="${outcome}"`, count] as const);
  return [
    ...GAUGES.flatMap(([name, measure, help]) => gauge(name, help, [[labels, all?.video.measures[measure] ?? null]])),
    ...gauge('videos', 'Videos of the set by what became of them.', outcomes),
    ...gauge('timestamp_seconds', 'When the set was scored.', [[labels, Math.floor(now.getTime() / 1000)]]),
    '',
  ].join('\n');
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, '_');
}
