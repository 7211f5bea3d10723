import { toleranceOf } from '@styleflow/bundles/verify';
import type { Result } from '@styleflow/contracts';
import type { Fault } from '@styleflow/evidence';

/** How two runs over the same video compare. */
export interface RunComparison {
  readonly clips: number;
  /** Clips whose pixels are the same byte by byte; null where one of the results does not tell. */
  readonly equalClips: number | null;
  readonly largestDifference: number;
  /** What is allowed at a logit of 0; it grows with the logit, by the same share. */
  readonly tolerance: number;
  readonly providers: readonly [string, string];
  readonly faults: readonly Fault[];
}

/**
 * Compares the logits of a result with those of a new run. Allowed is what the weights' precision and the two execution providers
 * bring with them: on the same provider as much as batch sizes may differ by, between providers more.
 */
export function compareRuns(before: Result, now: Result): RunComparison {
  const faults: Fault[] = [];
  const fault = (name: string, says: string): void => void faults.push({ name, says });
  const providers = [before.model.provider ?? 'none', now.model.provider ?? 'none'] as const;
  const tolerance = toleranceOf(before.model.precision, providers[0] === providers[1]);
  if (before.model.digest !== now.model.digest) {
    fault('model', `the re-run used another bundle (${now.model.bundle}); give ${before.model.bundle} with --bundle`);
  }
  if (before.pipeline.preprocessing !== now.pipeline.preprocessing) {
    fault(
      'pipeline',
      'this version cuts faces by other rules or with another detector: its numbers cannot be compared',
    );
  }
  const [old, again] = [clipsOf(before), clipsOf(now)];
  if (old.size !== again.size) fault('faces', `the re-run has ${again.size} clips, the result ${old.size}`);
  let [largestDifference, equalClips, telling] = [0, 0, 0];
  for (const [name, clip] of old) {
    const other = again.get(name);
    if (!other || clip.logit === null || other.logit === null) continue;
    if (clip.sha256 !== undefined && other.sha256 !== undefined) telling += 1;
    if (clip.sha256 !== undefined && clip.sha256 === other.sha256) equalClips += 1;
    const difference = Math.abs(clip.logit - other.logit);
    largestDifference = Math.max(largestDifference, difference);
    const allowed = tolerance.absolute + tolerance.relative * Math.abs(clip.logit);
    if (difference > allowed) {
      fault(name, `its logit is ${difference.toExponential(1)} away (allowed: ${allowed.toExponential(1)})`);
    }
  }
  if (before.verdict.label !== now.verdict.label) {
    fault('verdict', `the re-run says ${now.verdict.label}, the result ${before.verdict.label}`);
  }
  return {
    ...{ clips: old.size, equalClips: telling === 0 ? null : equalClips, largestDifference },
    ...{ tolerance: tolerance.absolute, providers, faults },
  };
}

function clipsOf({ faces }: Result): Map<string, Result['faces'][number]['clips'][number]> {
  return new Map(
    faces.flatMap(({ track, clips }) => clips.map((clip) => [`face ${track} clip ${clip.index}`, clip] as const)),
  );
}
