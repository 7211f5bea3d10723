import { SingleBar } from 'cli-progress';
import { sizeText } from './table.js';

export interface ByteProgress {
  show(done: number, total: number): void;
  end(): void;
}

/** Shows a bar on a terminal. Elsewhere it shows nothing, since an import ends by printing a table. */
export function bytesOnScreen(name: string, stream: NodeJS.WriteStream): ByteProgress {
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  const bar = new SingleBar({
    stream,
    format: `${name} {bar} {percentage}% · {handled} of {all} · {duration_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0, { handled: '0 B', all: '?' });
  return {
    show(done, total) {
      bar.setTotal(total);
      bar.update(done, { handled: sizeText(done), all: sizeText(total) });
    },
    end: () => bar.stop(),
  };
}
