/** One call that a target of webhooks got. */
export interface DeliveryCall {
  /** The header `webhook-id`. */
  readonly id: string;
  readonly type: string;
  readonly job: string;
  readonly run: number;
  readonly body: string;
  /** Whether the reference library takes its signature. */
  readonly isSigned: boolean;
  readonly answer: 'taken' | 'refused' | 'hung';
  /** When it was answered, ms since 1970. */
  readonly atMs: number;
  /** When what it tells happened, by its body. */
  readonly happenedAtMs: number;
}

/** A job that has ended, with the webhook. */
export interface EndedJob {
  readonly id: string;
  readonly run: number;
  readonly status: string;
}

export interface DeliveryFinding {
  readonly kind: DeliveryFindingKind;
  readonly says: string;
}

const DELIVERY_FINDING_KINDS = {
  undelivered: 'the target never took the event of a job that has ended',
  'other-event': 'the target was told something else than what happened',
  unsigned: 'the reference library refuses the signature of a call',
  'unstable-id': 'the attempts of one event have several ids',
  'shared-id': 'one id stands for several events',
  'unstable-body': 'the attempts of one event have several bodies',
} as const;
export type DeliveryFindingKind = keyof typeof DELIVERY_FINDING_KINDS;

export interface DeliveryAudit {
  readonly findings: readonly DeliveryFinding[];
  readonly events: number;
  readonly calls: number;
  /** Calls that the target took of an event that it had taken before: allowed, since delivery is at least once. */
  readonly duplicates: number;
  /** From the end of a job until the target first took its event. */
  readonly longestSeconds: number;
}

/** Compares what a target got with how the jobs ended. Pure. */
export function auditDeliveries(jobs: readonly EndedJob[], calls: readonly DeliveryCall[]): DeliveryAudit {
  const findings: DeliveryFinding[] = [];
  const find = (kind: DeliveryFindingKind, says: string): void => void findings.push({ kind, says });
  const expected = new Map(jobs.map(({ id, run, status }) => [id, `${id} run ${run} job.${status}`]));
  const ids = new Map<string, Set<string>>();
  const events = new Map<string, Set<string>>();
  const bodies = new Map<string, Set<string>>();
  const firstTaken = new Map<string, number>();
  let [duplicates, longestMs] = [0, 0];
  for (const call of calls) {
    const event = eventOf(call);
    if (!call.isSigned) find('unsigned', `${event}, ${call.id}`);
    if (expected.get(call.job) !== event) find('other-event', `${event}; ${expected.get(call.job) ?? 'no such job'}`);
    note(ids, event, call.id);
    note(events, call.id, event);
    note(bodies, event, call.body);
    if (call.answer !== 'taken') continue;
    if (firstTaken.has(event)) duplicates += 1;
    else {
      firstTaken.set(event, call.atMs);
      longestMs = Math.max(longestMs, call.atMs - call.happenedAtMs);
    }
  }
  for (const event of expected.values()) if (!firstTaken.has(event)) find('undelivered', event);
  for (const [event, all] of ids) if (all.size > 1) find('unstable-id', `${event}: ${[...all].join(', ')}`);
  for (const [id, all] of events) if (all.size > 1) find('shared-id', `${id}: ${[...all].join(', ')}`);
  for (const [event, all] of bodies) if (all.size > 1) find('unstable-body', `${event}: ${all.size} bodies`);
  return { findings, events: firstTaken.size, calls: calls.length, duplicates, longestSeconds: longestMs / 1000 };
}

const eventOf = ({ job, run, type }: DeliveryCall): string => `${job} run ${run} ${type}`;

function note(of: Map<string, Set<string>>, key: string, value: string): void {
  of.set(key, (of.get(key) ?? new Set()).add(value));
}
