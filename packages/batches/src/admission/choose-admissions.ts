/** A batch that has items left to admit. */
export interface AdmissionScope {
  readonly batch: string;
  readonly owner: string;
  /** 9 first, within its owner's share only. */
  readonly priority: number;
  /** Items left. */
  readonly waiting: number;
  /** Its jobs that have not ended. */
  readonly open: number;
  /** Its clips that are cut and not scored. */
  readonly unscoredClips: number;
}

export interface AdmissionWindow {
  /** Most jobs of a batch that have not ended: enough that no slot waits for the loop, and little to hold in Redis. */
  readonly jobs: number;
  /** While more clips of a batch wait to be scored it gets no further job. */
  readonly clips: number;
  /** Most jobs of all batches together that have not ended. */
  readonly allJobs: number;
  /** Most admissions of one round, after which the loop looks again. */
  readonly round: number;
}

export interface Admission {
  readonly batch: string;
  readonly items: number;
}

/**
 * How many items of which batch are admitted now. Owners come in turn, each with one item, whatever the number and the length of
 * their batches; within an owner the batch of the highest priority comes first, and of equal ones the one with the fewest jobs.
 * `first`: the owner with whom the round begins, so that none is always the last one at the limit.
 */
export function chooseAdmissions(
  scopes: readonly AdmissionScope[],
  window: AdmissionWindow,
  first?: string,
): Admission[] {
  const admitted = new Map<string, number>();
  const given = (batch: string): number => admitted.get(batch) ?? 0;
  const hasRoom = ({ batch, waiting, open, unscoredClips }: AdmissionScope): boolean =>
    waiting > given(batch) && open + given(batch) < window.jobs && unscoredClips < window.clips;
  const comesBefore = (one: AdmissionScope, other: AdmissionScope): number =>
    other.priority - one.priority ||
    one.open + given(one.batch) - (other.open + given(other.batch)) ||
    (one.batch < other.batch ? -1 : 1);

  let room = Math.min(window.round, window.allJobs - scopes.reduce((sum, { open }) => sum + open, 0));
  let owners = inTurn([...new Set(scopes.map(({ owner }) => owner))].sort(), first);
  while (room > 0 && owners.length > 0) {
    const stillHave: string[] = [];
    for (const owner of owners) {
      if (room === 0) break;
      const [next] = scopes.filter((scope) => scope.owner === owner && hasRoom(scope)).sort(comesBefore);
      if (next === undefined) continue;
      admitted.set(next.batch, given(next.batch) + 1);
      room -= 1;
      stillHave.push(owner);
    }
    owners = stillHave;
  }
  return [...admitted].map(([batch, items]) => ({ batch, items }));
}

function inTurn(owners: readonly string[], first: string | undefined): string[] {
  const from =
    first === undefined
      ? 0
      : Math.max(
          0,
          owners.findIndex((owner) => owner >= first),
        );
  return [...owners.slice(from), ...owners.slice(0, from)];
}
