import type { Job } from '@styleflow/contracts';
import { SingleBar } from 'cli-progress';

export interface JobProgress {
  show(job: Job): void;
  /** A sentence about the video, above the bar. */
  say(sentence: string): void;
  end(): void;
}

/** Shows a bar on a terminal. Elsewhere it prints a line when the status changes, so that logs stay readable. */
export function followOnScreen(name: string, stream: NodeJS.WriteStream): JobProgress {
  return stream.isTTY ? bar(name, stream) : lines(name, stream);
}

const BAR_CELLS = 16;
/** Longest text behind the name: the bar, and words such as `100% preparing · 110/110 frames · 3/3 clips · 1m30s`. */
const WORDS_WIDTH = BAR_CELLS + 52;
const NAME_MIN = 8;

function bar(name: string, stream: NodeJS.WriteStream): JobProgress {
  const shown = shorten(name, Math.max(NAME_MIN, stream.columns - WORDS_WIDTH));
  const single = new SingleBar({
    stream,
    // The name is a value and no part of the format, because it may hold braces.
    format: '{name} {bar} {percentage}% {status} · {frames} frames · {clips} clips · {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: BAR_CELLS,
    hideCursor: true,
    clearOnComplete: true,
  });
  single.start(100, 0, { name: shown, ...facts(null) });
  return {
    show: (job) => single.update(job.progress.percent ?? 0, { name: shown, ...facts(job) }),
    // It starts a line of its own; the bar is drawn anew with its next change.
    say: (sentence) => stream.write(`\n${name}: ${sentence}\n`),
    end: () => single.stop(),
  };
}

/** Shortens a long name at its end: the beginning tells videos apart more often. */
function shorten(name: string, width: number): string {
  const letters = [...name];
  return letters.length <= width ? name : `${letters.slice(0, width - 1).join('')}…`;
}

function lines(name: string, stream: NodeJS.WriteStream): JobProgress {
  let last = '';
  return {
    show: (job) => {
      if (job.status === last) return;
      last = job.status;
      const { frames, clips } = facts(job);
      stream.write(`${name}: ${job.status} · ${frames} frames decoded · ${clips} clips scored\n`);
    },
    say: (sentence) => stream.write(`${name}: ${sentence}\n`),
    end: () => {},
  };
}

function facts(job: Job | null): { status: string; frames: string; clips: string } {
  if (job === null) return { status: 'sending', frames: '0', clips: '0' };
  const { framesDecoded, framesTotal, clipsPlanned, clipsScored } = job.progress;
  return {
    status: job.status,
    frames: framesTotal === null ? String(framesDecoded) : `${framesDecoded}/${framesTotal}`,
    clips: `${clipsScored}/${clipsPlanned}`,
  };
}
