import type { Job } from '@styleflow/contracts';
import { SingleBar } from 'cli-progress';

export interface JobProgress {
  show(job: Job): void;
  end(): void;
}

/** A bar on a terminal; on anything else a line at each change of status, so that logs stay readable. */
export function followOnScreen(name: string, stream: NodeJS.WriteStream): JobProgress {
  return stream.isTTY ? bar(name, stream) : lines(name, stream);
}

function bar(name: string, stream: NodeJS.WriteStream): JobProgress {
  const single = new SingleBar({
    stream,
    format: `${name} {bar} {percentage}% · {status} · {frames} frames decoded · {clips} clips scored · {duration_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
  single.start(100, 0, facts(null));
  return {
    show: (job) => single.update(job.progress.percent ?? 0, facts(job)),
    end: () => single.stop(),
  };
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
