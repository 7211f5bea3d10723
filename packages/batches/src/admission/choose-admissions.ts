/** Work of an owner that has jobs left to admit: a batch, or all single jobs of the owner together. */
export interface AdmissionScope {
  /** Null: the owner's single jobs. */
  readonly batch: string | null;
  readonly owner: string;
  /** How many jobs the owner gets in a turn, 1 or more; the same in all of its scopes. */
  readonly weight?: number;
  /** 9 first, within its owner's share only. */
  readonly priority: number;
  /** Jobs left. */
  readonly waiting: number;
  /** Its jobs that have not ended. */
  readonly open: number;
  /** Its clips that are cut and not scored. */
  readonly unscoredClips: number;
}

export interface AdmissionWindow {
  /** Most jobs of a scope that have not ended: enough that no slot waits for the loop, and little to hold in Redis. */
  readonly jobs: number;
  /** While more clips of a scope wait to be scored it gets no further job. */
  readonly clips: number;
  /** Most jobs of all batches together that have not ended. Single jobs are limited by their owners' windows alone. */
  readonly allJobs: number;
  /** Most admissions of one round, after which the loop looks again. */
  readonly round: number;
}

export interface Admission {
  readonly batch: string | null;
  readonly owner: string;
  readonly jobs: number;
}

/**
 * How many jobs of which scope are admitted now. Owners come in turn, each with as many jobs as it weighs, whatever the number and the
 * length of their batches; within an owner the scope of the highest priority comes first, of equal ones the single jobs, then the batch
 * with the fewest jobs. `first`: the owner with whom the round begins, so that none is always the last one at the limit.
 */
export function chooseAdmissions(
  scopes: readonly AdmissionScope[],
  window: AdmissionWindow,
  first?: string,
): Admission[] {
  const admitted = new Map<AdmissionScope, number>();
  const given = (scope: AdmissionScope): number => admitted.get(scope) ?? 0;
  let ofBatches = window.allJobs - scopes.reduce((sum, { batch, open }) => sum + (batch === null ? 0 : open), 0);
  const hasRoom = (scope: AdmissionScope): boolean =>
    scope.waiting > given(scope) &&
    scope.open + given(scope) < window.jobs &&
    scope.unscoredClips < window.clips &&
    (scope.batch === null || ofBatches > 0);
  const comesBefore = (one: AdmissionScope, other: AdmissionScope): number =>
    other.priority - one.priority ||
    Number(other.batch === null) - Number(one.batch === null) ||
    one.open + given(one) - (other.open + given(other)) ||
    ((one.batch ?? '') < (other.batch ?? '') ? -1 : 1);

  let room = window.round;
  let owners = inTurn([...new Set(scopes.map(({ owner }) => owner))].sort(), first);
  while (room > 0 && owners.length > 0) {
    const stillHave: string[] = [];
    for (const owner of owners) {
      const own = scopes.filter((scope) => scope.owner === owner);
      const share = Math.max(1, Math.floor(own[0]?.weight ?? 1));
      let taken = 0;
      while (taken < share && room > 0) {
        const [next] = own.filter(hasRoom).sort(comesBefore);
        if (next === undefined) break;
        admitted.set(next, given(next) + 1);
        if (next.batch !== null) ofBatches -= 1;
        taken += 1;
        room -= 1;
      }
      if (taken === share) stillHave.push(owner);
    }
    owners = stillHave;
  }
  return [...admitted].map(([{ batch, owner }, jobs]) => ({ batch, owner, jobs }));
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
