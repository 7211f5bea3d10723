import { type BundleFacts, digest12 } from '@styleflow/contracts';
import type { JobRecord } from './ports/job-record.js';

/** A bundle that scores the clips of a job. */
export interface Judge {
  readonly bundle: BundleFacts;
  /** `bundle` of a `ClipRef`: whose scores are meant. Undefined where the job has this bundle alone. */
  readonly place: string | undefined;
  /** The run goes on without it. */
  readonly isLeftOut: boolean;
}

/** The bundles that judge a job, in the order in which they were asked for; of most jobs one. */
export function judgesOf({
  bundle,
  bundles,
  leftOut = [],
}: Pick<JobRecord, 'bundle' | 'bundles' | 'leftOut'>): Judge[] {
  if (bundles === undefined) return [{ bundle, place: undefined, isLeftOut: false }];
  return bundles.map((each) => {
    const place = digest12(each.digest);
    return { bundle: each, place, isLeftOut: leftOut.includes(place) };
  });
}

/** Whose scores stand for the job where only one bundle's are shown: of the first that is not left out. */
export function leadOf(judges: readonly Judge[]): Judge | undefined {
  return judges.find(({ isLeftOut }) => !isLeftOut) ?? judges[0];
}
