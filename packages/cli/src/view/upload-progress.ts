import { SingleBar } from 'cli-progress';
import { sizeText } from './table.js';

/** What one upload tells of itself. */
export interface FileProgress {
  readonly sent: (bytes: number) => void;
  done(): void;
  /** It failed: its bytes do not count. */
  failed(): void;
}

/** One display for all files of a submission. */
export interface UploadProgress {
  begin(bytes: number): FileProgress;
  /** A file that had been sent before. */
  skipped(bytes: number): void;
  /** A sentence, above the bar. */
  say(sentence: string): void;
  end(): void;
}

interface Facts {
  readonly files: number;
  readonly bytes: number;
  /** Of those bytes, what this run has sent. */
  readonly sentBytes: number;
  readonly seconds: number;
}

const SHOW_EVERY_MS = 250;
/** Elsewhere than on a terminal: a line each time, so that logs stay readable. */
const TELL_EVERY_MS = 10_000;

/** Shows files, bytes, rate and the time that is left; on a terminal as a bar, elsewhere as a line now and then. */
export function showUploads(total: { files: number; bytes: number }, stream: NodeJS.WriteStream): UploadProgress {
  const startedAt = performance.now();
  let [files, doneBytes, sentBytes] = [0, 0, 0];
  const onTheirWay = new Map<object, number>();
  const facts = (): Facts => {
    const underWay = [...onTheirWay.values()].reduce((sum, each) => sum + each, 0);
    const seconds = (performance.now() - startedAt) / 1000;
    return { files, bytes: doneBytes + underWay, sentBytes: sentBytes + underWay, seconds };
  };
  const words = (): string => uploadWords(facts(), total);
  const bar = stream.isTTY
    ? new SingleBar({
        stream,
        format: '{bar} {percentage}% {words}',
        barsize: 16,
        hideCursor: true,
        clearOnComplete: true,
      })
    : null;
  bar?.start(Math.max(1, total.bytes), 0, { words: words() });
  const show = (): void => {
    if (bar === null) stream.write(`uploading: ${words()}\n`);
    else bar.update(facts().bytes, { words: words() });
  };
  const timer = setInterval(show, bar === null ? TELL_EVERY_MS : SHOW_EVERY_MS);
  timer.unref();
  return {
    begin: (bytes) => {
      const key = {};
      onTheirWay.set(key, 0);
      return {
        sent: (sent) => void onTheirWay.set(key, sent),
        done: () => {
          onTheirWay.delete(key);
          files += 1;
          doneBytes += bytes;
          sentBytes += bytes;
        },
        failed: () => void onTheirWay.delete(key),
      };
    },
    skipped: (bytes) => {
      files += 1;
      doneBytes += bytes;
    },
    say: (sentence) => void stream.write(bar === null ? `${sentence}\n` : `\n${sentence}\n`),
    end: () => {
      clearInterval(timer);
      bar?.stop();
      stream.write(`uploaded: ${words()}\n`);
    },
  };
}

/** `12/500 files · 60 MB/2.5 GB · 5 MB/s · 8 min left`. */
export function uploadWords(
  { files, bytes, sentBytes, seconds }: Facts,
  total: { files: number; bytes: number },
): string {
  const rate = seconds < 0.5 ? 0 : sentBytes / seconds;
  const left = total.bytes - bytes;
  return [
    `${files}/${total.files} files`,
    `${sizeText(bytes)}/${sizeText(total.bytes)}`,
    ...(rate > 0 ? [`${sizeText(rate)}/s`] : []),
    ...(rate > 0 && left > 0 ? [`${durationText(left / rate)} left`] : []),
  ].join(' · ');
}

/** A duration in one unit that fits: `8 s`, `8 min`, `3.5 h`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}
