import { useCallback, useMemo } from 'react';
import uPlot from 'uplot';
import { useFormatter, useTranslations } from 'use-intl';
import Chart from '../parts/chart.js';
import { COLUMNS, countScores } from './histogram.js';

interface ScoreHistogramProps {
  readonly scores: readonly number[];
  /** Null where items have different ones. */
  readonly threshold: number | null;
}

/** How many videos have which score, with the threshold as a line; beside it the same as a table. */
export default function ScoreHistogram({ scores, threshold }: ScoreHistogramProps) {
  const t = useTranslations('batches');
  const format = useFormatter();
  const counts = useMemo(() => countScores(scores), [scores]);
  const data = useMemo((): uPlot.AlignedData => [counts.map((_, at) => (at + 0.5) / COLUMNS), counts], [counts]);
  const make = useCallback(
    (color: (name: string) => string) => ({
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (): [number, number] => [0, 1] },
        y: { range: (_: uPlot, __: number, max: number): [number, number] => [0, Math.max(1, max * 1.1)] },
      },
      axes: [{}, { size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000] }],
      series: [
        {},
        {
          fill: color('--accent'),
          stroke: color('--accent'),
          width: 0,
          paths: uPlot.paths.bars?.({ size: [0.9, 100] }) ?? (() => null),
          points: { show: false },
        },
      ],
      hooks: {
        draw: [
          ({ ctx, bbox, valToPos }: uPlot) => {
            if (threshold === null) return;
            const x = valToPos(threshold, 'x', true);
            ctx.save();
            ctx.strokeStyle = color('--bad');
            ctx.lineWidth = 2 * window.devicePixelRatio;
            ctx.setLineDash([6, 4]);
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
            ctx.restore();
          },
        ],
      },
    }),
    [threshold],
  );
  const hint = t('histogramHint', {
    threshold: threshold === null ? '–' : format.number(threshold, { maximumFractionDigits: 3 }),
  });
  return (
    <>
      <p className="soft">{hint}</p>
      <Chart label={hint} data={data} make={make} />
      <details>
        <summary>{t('histogramTable')}</summary>
        <table className="table narrow">
          <thead>
            <tr>
              <th scope="col">{t('from')}</th>
              <th scope="col" className="number">
                {t('count')}
              </th>
            </tr>
          </thead>
          <tbody>
            {counts.map((count, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <tr key={at}>
                <td>{format.number(at / COLUMNS, { minimumFractionDigits: 2 })}</td>
                <td className="number">{format.number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
