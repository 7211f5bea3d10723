import type { Batch } from '@styleflow/client';
import { SingleBar } from 'cli-progress';
import { countsText } from './print-batch.js';
import { durationText } from './upload-progress.js';

export interface BatchProgress {
  show(batch: Batch): void;
  end(): void;
}

/** Elsewhere than on a terminal: a line when the status changes, and each time another tenth has ended. */
const STEPS = 10;

/** Shows how far a batch is: a bar on a terminal, lines elsewhere. */
export function followBatch(stream: NodeJS.WriteStream, now: () => number = Date.now): BatchProgress {
  if (!stream.isTTY) return lines(stream);
  const bar = new SingleBar({
    ...{ stream, format: '{bar} {percentage}% {words}', barsize: 16, hideCursor: true, clearOnComplete: true },
  });
  bar.start(1, 0, { words: '' });
  return {
    show: (batch) => {
      bar.setTotal(Math.max(1, batch.counts.total));
      bar.update(endedCount(batch), { words: progressWords(batch, now()) });
    },
    end: () => bar.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): BatchProgress {
  let last = '';
  return {
    show: (batch) => {
      const step = Math.floor((STEPS * endedCount(batch)) / Math.max(1, batch.counts.total));
      const place = `${batch.status} ${step}`;
      if (place === last) return;
      last = place;
      stream.write(`${batch.id} ${batch.status} · ${countsText(batch)}\n`);
    },
    end: () => {},
  };
}

function endedCount({ counts: { succeeded, failed, canceled } }: Batch): number {
  return succeeded + failed + canceled;
}

/** `running · 120 of 500 items · 3 failed · 1,200 an hour · 20 to 30 min left`. */
export function progressWords(batch: Batch, nowMs: number): string {
  const { status, throughput, eta } = batch;
  const pace = throughput.itemsPerHour;
  return [
    status,
    countsText(batch),
    ...(pace === null ? [] : [`${Math.round(pace).toLocaleString('en')} an hour`]),
    ...(eta === null ? [] : [`${leftText(eta, nowMs)} left`]),
  ].join(' · ');
}

function leftText({ from, to }: { from: string; to: string }, nowMs: number): string {
  const [soonest, latest] = [from, to].map((time) => durationText(Math.max(0, (Date.parse(time) - nowMs) / 1000)));
  return soonest === latest ? `${latest}` : `${soonest} to ${latest}`;
}
