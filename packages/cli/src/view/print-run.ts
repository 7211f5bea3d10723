import {
  type Analysis,
  cellOf,
  countWords,
  figureText,
  MEASURE_WORDS,
  protocolWords,
  type RobustnessRow,
  type Run,
  type RunComparison,
  ruleWords,
} from '@styleflow/judging';
import { printCount } from '@styleflow/runtime';
import { tableLines } from './table.js';

const SHOWN = ['auc', 'ap', 'eer', 'balancedAccuracy', 'tprAt1Fpr', 'tprAt5Fpr', 'brier', 'answered'] as const;
const CHANGES_SHOWN = 20;

/** A run for people: protocol, figures by group with their intervals, what kept figures away. */
export function printRun(run: Run, analysis: Analysis): string[] {
  const { groups, notes } = analysis;
  const [all] = groups;
  return [
    `protocol: ${protocolWords(run)}; ${ruleWords(analysis)}`,
    `bundle:   ${run.served?.bundle ?? 'none'}${run.served?.trained === false ? ' (untrained: its figures say nothing about any detector)' : ''}`,
    ...(all === undefined ? ['no video has a result'] : [`videos:   ${countWords(all)}`]),
    '',
    ...tableLines(
      ['%, by video', ...SHOWN.map((name) => MEASURE_WORDS[name][0])],
      groups.map((group) => [group.name, ...SHOWN.map((name) => cellOf(group.video, name))]),
    ),
    ...[...notes, ...run.data.notes].map((note) => `note:     ${note}`),
  ];
}

/** How the run does on changed copies of its videos. */
export function printRobustness(rows: readonly RobustnessRow[]): string[] {
  return tableLines(
    ['change', '', 'videos', 'without a score', 'AUC, %', 'against none, points'],
    rows.map(({ name, words, videos, unscored, auc, interval, loss }) => [
      ...[name, words, videos, unscored, figureText(auc, interval), figureText(loss.difference, loss.interval)],
    ]),
  );
}

/** How a run differs from another one of the same videos. */
export function printComparison(name: string, { videos, delong, differences, changed }: RunComparison): string[] {
  const percent = (value: number): string => (value * 100).toFixed(1);
  const lines = Object.entries(differences).map(([measure, { difference, interval }]) => {
    const range = interval === null ? '' : ` [${percent(interval.low)}, ${percent(interval.high)}]`;
    const [head] = MEASURE_WORDS[measure as keyof typeof differences];
    return `  ${head}: ${difference === null ? '–' : percent(difference)}${range}`;
  });
  return [
    `compared with ${name}: ${printCount(videos, 'video')} that both scored; this run − that one, in percent points`,
    ...lines,
    delong === null
      ? '  too few videos for a test of the AUC'
      : `  DeLong's test of the AUC: p = ${delong.p.toPrecision(3)}`,
    `${printCount(changed.length, 'video')} answered otherwise`,
    ...changed
      .slice(0, CHANGES_SHOWN)
      .map(
        ({ id, isFake, before, after, scoreBefore, scoreAfter }) =>
          `  ${id} (${isFake ? 'fake' : 'real'}): ${before} ${scoreBefore.toFixed(3)} → ${after} ${scoreAfter.toFixed(3)}`,
      ),
    ...(changed.length > CHANGES_SHOWN ? [`  and ${changed.length - CHANGES_SHOWN} more: metrics.json`] : []),
  ];
}
