import type { Stage } from '@styleflow/contracts';
import { withSpan } from '@styleflow/runtime';

/** What payloads of all stages say of their work, as far as spans tell it. */
export interface TracedPayload {
  readonly job: string;
  readonly run: number;
  readonly track?: number;
  readonly clip?: number;
  readonly trace?: string | undefined;
}

/** One start of an entry. */
interface TracedStart {
  readonly stage: Stage;
  readonly queueName: string;
  readonly entry: string;
  /** Counted from 1. */
  readonly attempt: number;
  readonly wasStalled: boolean;
  /** Seconds since the entry was added, by the clock of Redis. */
  readonly ageSeconds: number;
}

/** Adds an entry inside a span; `add` gets the payload with the trace in which the stage will go on. */
export function sendInSpan<P extends TracedPayload>(
  stage: Stage,
  queueName: string,
  payload: P,
  add: (traced: P) => Promise<void>,
): Promise<void> {
  const attributes = { ...messageAttributes('send', queueName), ...payloadAttributes(payload) };
  return withSpan(`send ${stage}`, { kind: 'producer', attributes }, ({ traceparent }) =>
    add(traceparent === undefined ? payload : { ...payload, trace: traceparent }),
  );
}

/** Runs a stage's attempt inside a span of the trace that its payload names. */
export function runInStageSpan<T>(payload: TracedPayload, start: TracedStart, work: () => Promise<T>): Promise<T> {
  const { stage, queueName, entry, attempt, wasStalled, ageSeconds } = start;
  const attributes = {
    ...messageAttributes('process', queueName),
    ...payloadAttributes(payload),
    'messaging.message.id': entry,
    'styleflow.attempt': attempt,
    'styleflow.attempt.was_stalled': wasStalled,
    'styleflow.entry.age_seconds': ageSeconds,
  };
  return withSpan(stage, { kind: 'consumer', parent: payload.trace ?? null, attributes }, work);
}

function messageAttributes(type: 'send' | 'process', queueName: string) {
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queueName,
    'messaging.operation.name': type,
    'messaging.operation.type': type,
  };
}

function payloadAttributes({ job, run, track, clip }: TracedPayload) {
  return { 'styleflow.job': job, 'styleflow.run': run, 'styleflow.track': track, 'styleflow.clip': clip };
}
