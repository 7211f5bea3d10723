import type { QueueFacts } from '@styleflow/client/browser';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { useFormatter, useTranslations } from 'use-intl';
import Chart from '../parts/chart.js';

/** An hour at one every three seconds. */
const POINTS_KEPT = 1_200;

interface QueueHistoryProps {
  readonly queues: readonly QueueFacts[];
  /** When the queues were read, ms. */
  readonly at: number;
}

interface Point {
  readonly at: number;
  readonly waiting: number;
  readonly active: number;
}

/** Two minutes at least: a page that was just opened has one point, which the chart by itself would draw at the edge of a day. */
function rangeOf(times: ArrayLike<number>): [number, number] {
  const last = times[times.length - 1] ?? Date.now() / 1000;
  return [Math.min(times[0] ?? last, last - 120), last];
}

/** How much waits and is worked on, from when the page was opened. */
export default function QueueHistory({ queues, at }: QueueHistoryProps) {
  const t = useTranslations('system');
  const format = useFormatter();
  const [points, setPoints] = useState<readonly Point[]>([]);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const active = queues.reduce((sum, queue) => sum + queue.active, 0);
  useEffect(() => {
    setPoints((all) => [...all.filter((point) => point.at < at).slice(1 - POINTS_KEPT), { at, waiting, active }]);
  }, [at, waiting, active]);
  const data = useMemo(
    (): uPlot.AlignedData => [
      points.map((point) => point.at / 1000),
      points.map((point) => point.waiting),
      points.map((point) => point.active),
    ],
    [points],
  );
  const make = useCallback(
    (color: (name: string) => string) => ({
      cursor: { show: false },
      legend: { live: false },
      scales: {
        x: { range: ({ data: [times] }: uPlot): [number, number] => rangeOf(times) },
        y: { range: (_: uPlot, __: number, max: number): [number, number] => [0, Math.max(4, max * 1.1)] },
      },
      axes: [
        {
          space: 90,
          values: (_: uPlot, times: number[]) =>
            times.map((time) => format.dateTime(new Date(time * 1000), { timeStyle: 'medium' })),
        },
        { size: 44, incrs: [1, 2, 5, 10, 50, 100, 500, 1_000, 10_000, 100_000] },
      ],
      series: [
        {},
        { label: t('waiting'), stroke: color('--accent'), width: 2 },
        { label: t('active'), stroke: color('--good'), width: 2, dash: [6, 3] },
      ],
    }),
    [t, format],
  );
  return (
    <section className="card" aria-label={t('history')}>
      <h2>{t('history')}</h2>
      <p className="soft">{t('historyHint', { waiting, active })}</p>
      <Chart label={t('historyHint', { waiting, active })} data={data} make={make} />
    </section>
  );
}
